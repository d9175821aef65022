import { useLayoutEffect, useRef } from "preact/hooks";
import { duration } from "../ui/format.ts";
import type { Lane } from "./axis.ts";
import type { Mark } from "./marks.ts";

const LABEL_ROOM_PX = 34;
/** A thinner mark has no room for a line that parts it from the next. */
const THIN_PX = 3;

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
  const named = useRef<HTMLDivElement>(null);
  const bare = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ named: DrawnMark[]; bare: DrawnMark[] }>({ named: [], bare: [] });
  useLayoutEffect(() => {
    if (named.current === null || bare.current === null) return;
    const marks = looksOf(props);
    const isNamed = ({ text }: Look) => text !== "";
    draw(named.current, drawn.current.named, marks.filter(isNamed));
    draw(
      bare.current,
      drawn.current.bare,
      marks.filter((mark) => !isNamed(mark)),
    );
  });
  // The bare ones, of which there are hundreds, are painted apart from all that moves around them.
  return (
    <div class="lane" ref={named}>
      <div class="bare" ref={bare} />
    </div>
  );
}

interface Look {
  readonly className: string;
  readonly style: string;
  readonly title: string;
  readonly text: string;
}

interface DrawnMark {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  className: string;
  style: string;
  title: string;
  text: string;
}

function looksOf({ at, lane, span, start, width }: Props): Look[] {
  const pixels = Math.max(1, width);
  return lane.marks.map((mark) => {
    const { kind, text } = lane.labelOf(mark.index);
    const isLater = mark.start > at;
    const isOver = !mark.isOpen && mark.end <= at;
    const failures = isOver || isLater ? mark.failures : 0;
    const failed = failures > 0 && failures === mark.count;
    // Of a thousand spans in one pixel some have failed, always: how many is what there is to see.
    const isPartly = failures > 0 && !failed;
    const share = (mark.end - mark.start) / span;
    const left = finely((mark.start - start) / span);
    const shown = share * pixels > LABEL_ROOM_PX ? `${failed ? "✕ " : ""}${text}` : "";
    return {
      className: `span ${failed ? "failed" : kind}${isPartly ? " partly" : ""} ${stateClass(isLater, isOver)}${share * pixels < THIN_PX ? " thin" : ""}`,
      style:
        `left:${left / FINE}%;width:${(finely((mark.end - start) / span) - left) / FINE}%` +
        (isPartly ? `;--failed:${failedHeight(mark)}px` : ""),
      title: titleOf(mark, text, isOver, isLater),
      text: shown,
    };
  });
}

function draw(box: HTMLElement, drawn: DrawnMark[], looks: readonly Look[]): void {
  for (const [place, look] of looks.entries()) update((drawn[place] ??= newMark(box)), look);
  for (const { element } of drawn.splice(looks.length)) element.remove();
}

function newMark(box: HTMLElement): DrawnMark {
  const element = document.createElement("div");
  const label = document.createElement("span");
  label.className = "clip";
  box.append(element);
  return { element, label, className: "", style: "", title: "", text: "" };
}

function update(drawn: DrawnMark, next: Look): void {
  const { element, label } = drawn;
  if (drawn.className !== next.className) element.className = drawn.className = next.className;
  if (drawn.style !== next.style) element.style.cssText = drawn.style = next.style;
  if (drawn.title !== next.title) element.title = drawn.title = next.title;
  if (drawn.text === next.text) return;
  if (next.text === "") label.remove();
  else if (drawn.text === "") element.append(label);
  label.textContent = drawn.text = next.text;
}

const HEIGHT_PX = 16;

/** How much of a mark's height is for those that failed; a few of many are still to be seen. */
function failedHeight({ count, failures }: Mark): number {
  return Math.max(3, Math.round((HEIGHT_PX * failures) / count));
}

/** Parts of a percent: a tenth of a pixel or so. On a long axis most marks stay where they are from tick to tick. */
const FINE = 100;

function finely(share: number): number {
  return Math.round(share * 100 * FINE);
}

function stateClass(isLater: boolean, isOver: boolean): string {
  if (isLater) return "ahead";
  return isOver ? "over" : "open";
}

function titleOf(
  { count, end, failures, start }: Mark,
  text: string,
  isOver: boolean,
  isLater: boolean,
): string {
  if (count > 1) {
    const failed = failures > 0 && (isOver || isLater) ? ` · ${failures.toLocaleString("en")} failed` : "";
    return `${text} and ${(count - 1).toLocaleString("en")} more${failed}`;
  }
  if (isLater) return `${text} · recorded later`;
  if (!isOver) return `${text} · running`;
  return `${text} · ${duration(end - start)}${failures > 0 ? " · failed" : ""}`;
}
