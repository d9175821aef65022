import { duration } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import type { Lane } from "./axis.ts";
import type { Mark } from "./marks.ts";
import type { Label } from "./spans.ts";

const LABEL_ROOM_PX = 34;

interface Props {
  readonly lane: Lane;
  readonly start: number;
  readonly span: number;
  /** The playhead: how a span ended is told only once it lies behind. */
  readonly at: number;
  readonly width: number;
}

export function SpanLayer({ at, lane, span, start, width }: Props) {
  const pixels = Math.max(1, width);
  return (
    <div class="lane">
      {lane.marks.map((mark) => {
        const { key, kind, text } = lane.labelOf(mark.index);
        const isLater = mark.start > at;
        const isOver = !mark.isOpen && mark.end <= at;
        const share = (mark.end - mark.start) / span;
        return (
          <SpanMark
            key={key}
            kind={kind}
            text={text}
            title={titleOf(mark, text, isOver, isLater)}
            left={finely((mark.start - start) / span)}
            share={finely(share)}
            hasRoom={share * pixels > LABEL_ROOM_PX}
            failed={mark.failed && (isOver || isLater)}
            isLater={isLater}
            isOver={isOver}
          />
        );
      })}
    </div>
  );
}

/** To a tenth of a pixel or so: on a long axis most marks stay where they are from tick to tick. */
function finely(share: number): number {
  return Math.round(share * 20_000) / 20_000;
}

interface MarkProps {
  readonly kind: Label["kind"];
  readonly text: string;
  readonly title: string;
  /** Where it begins and how long it is, as parts of the axis. */
  readonly left: number;
  readonly share: number;
  readonly hasRoom: boolean;
  readonly failed: boolean;
  readonly isLater: boolean;
  readonly isOver: boolean;
}

/** The playhead passes over hundreds of marks; only those whose state it changes are drawn again. */
const SpanMark = memo<MarkProps>(({ failed, hasRoom, isLater, isOver, kind, left, share, text, title }) => (
  <div
    class={["span", failed ? "failed" : kind, stateClass(isLater, isOver)].join(" ")}
    style={{ left: `${left * 100}%`, width: `${share * 100}%` }}
    title={title}
  >
    {hasRoom && (
      <span class="clip">
        {failed ? "✕ " : ""}
        {text}
      </span>
    )}
  </div>
));

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
