import { useMemo } from "preact/hooks";
import { duration } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { type Mark, marksOf } from "./lanes.ts";
import type { Span } from "./spans.ts";

const LABEL_ROOM_PX = 34;

interface Props {
  readonly lane: readonly Span[];
  readonly start: number;
  readonly span: number;
  readonly edge: number;
  /** The playhead: how a span ended is told only once it lies behind. */
  readonly at: number;
  readonly width: number;
}

export function SpanLayer({ at, edge, lane, span, start, width }: Props) {
  const pixels = Math.max(1, width);
  const marks = useMemo(() => marksOf(lane, start, span / pixels, edge), [lane, start, span, pixels, edge]);
  return (
    <div class="lane">
      {marks.map((mark) => (
        <SpanMark
          key={mark.span.id}
          mark={mark}
          left={(mark.start - start) / span}
          share={(mark.end - mark.start) / span}
          pixels={pixels}
          isLater={mark.start > at}
          isOver={mark.span.end !== null && mark.end <= at}
        />
      ))}
    </div>
  );
}

interface MarkProps {
  readonly mark: Mark;
  /** Where it begins and how long it is, as parts of the axis. */
  readonly left: number;
  readonly share: number;
  readonly pixels: number;
  readonly isLater: boolean;
  readonly isOver: boolean;
}

/** The playhead passes over hundreds of marks; only those whose state it changes are drawn again. */
const SpanMark = memo<MarkProps>(({ isLater, isOver, left, mark, pixels, share }) => {
  const failed = mark.failed && (isOver || isLater);
  const classes = ["span", failed ? "failed" : mark.span.kind, stateClass(isLater, isOver)];
  return (
    <div
      class={classes.join(" ")}
      style={{ left: `${left * 100}%`, width: `${share * 100}%` }}
      title={titleOf(mark, isOver, isLater)}
    >
      {share * pixels > LABEL_ROOM_PX && (
        <span class="clip">
          {failed ? "✕ " : ""}
          {mark.span.label}
        </span>
      )}
    </div>
  );
});

function stateClass(isLater: boolean, isOver: boolean): string {
  if (isLater) return "ahead";
  return isOver ? "over" : "open";
}

function titleOf(mark: Mark, isOver: boolean, isLater: boolean): string {
  if (mark.count > 1) return `${mark.span.label} and ${mark.count - 1} more`;
  if (isLater) return `${mark.span.label} · recorded later`;
  if (!isOver) return `${mark.span.label} · running`;
  return `${mark.span.label} · ${duration(mark.end - mark.start)}${mark.failed ? " · failed" : ""}`;
}
