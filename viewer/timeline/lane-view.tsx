import { useLayoutEffect, useRef } from "preact/hooks";
import { duration } from "../ui/format.ts";
import type { Lane } from "./axis.ts";
import type { Mark } from "./marks.ts";

const LABEL_ROOM_PX = 34;

interface Props {
  readonly lane: Lane;
  readonly start: number;
  readonly span: number;
  /** The playhead: how a span ended is told only once it lies behind. */
  readonly at: number;
  readonly width: number;
}

/**
 * One lane of the timeline. A lane has a mark for each pixel, and all of them may
 * move a few times a second, so they are drawn by hand: each is a box that is
 * touched only where it differs from what it showed.
 */
export function LaneView(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnMark[]>([]);
  useLayoutEffect(() => {
    if (box.current !== null) draw(box.current, drawn.current, props);
  });
  return <div class="lane" ref={box} />;
}

interface DrawnMark {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  className: string;
  style: string;
  title: string;
  text: string;
}

function draw(box: HTMLElement, drawn: DrawnMark[], { at, lane, span, start, width }: Props): void {
  const pixels = Math.max(1, width);
  for (const [place, mark] of lane.marks.entries()) {
    const { kind, text } = lane.labelOf(mark.index);
    const isLater = mark.start > at;
    const isOver = !mark.isOpen && mark.end <= at;
    const failed = mark.failed && (isOver || isLater);
    const share = (mark.end - mark.start) / span;
    const shown = share * pixels > LABEL_ROOM_PX ? `${failed ? "✕ " : ""}${text}` : "";
    update((drawn[place] ??= newMark(box)), {
      className: `span ${failed ? "failed" : kind} ${stateClass(isLater, isOver)}`,
      style: `left:${percent((mark.start - start) / span)};width:${percent(share)}`,
      title: titleOf(mark, text, isOver, isLater),
      text: shown,
    });
  }
  for (const { element } of drawn.splice(lane.marks.length)) element.remove();
}

function newMark(box: HTMLElement): DrawnMark {
  const element = document.createElement("div");
  const label = document.createElement("span");
  label.className = "clip";
  box.append(element);
  return { element, label, className: "", style: "", title: "", text: "" };
}

function update(drawn: DrawnMark, next: Omit<DrawnMark, "element" | "label">): void {
  const { element, label } = drawn;
  if (drawn.className !== next.className) element.className = drawn.className = next.className;
  if (drawn.style !== next.style) element.style.cssText = drawn.style = next.style;
  if (drawn.title !== next.title) element.title = drawn.title = next.title;
  if (drawn.text === next.text) return;
  if (next.text === "") label.remove();
  else if (drawn.text === "") element.append(label);
  label.textContent = drawn.text = next.text;
}

/** To a tenth of a pixel or so: on a long axis most marks stay where they are from tick to tick. */
function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

function stateClass(isLater: boolean, isOver: boolean): string {
  if (isLater) return "ahead";
  return isOver ? "over" : "open";
}

function titleOf(
  { count, end, failed, start }: Mark,
  text: string,
  isOver: boolean,
  isLater: boolean,
): string {
  if (count > 1) return `${text} and ${count - 1} more`;
  if (isLater) return `${text} · recorded later`;
  if (!isOver) return `${text} · running`;
  return `${text} · ${duration(end - start)}${failed ? " · failed" : ""}`;
}
