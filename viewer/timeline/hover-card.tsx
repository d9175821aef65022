import { course, position } from "../playback/playback.ts";
import type { TestAttempt } from "../playback/test-table.ts";
import { Glyph, type GlyphName } from "../ui/glyph.tsx";
import { clock, duration, plural, wholeNumber } from "../ui/format.ts";
import { kindWord } from "../ui/kind-word.ts";
import { scale } from "./axis.ts";
import { fineClock } from "./fine-clock.ts";
import { hover, type Told } from "./hover.ts";
import type { Mark } from "./marks.ts";
import { stateOf } from "./pieces.ts";
import type { SpanKind } from "./spans.ts";
import { TestFacts } from "./test-card.tsx";
import "./hover-card.css";
import "./sign-shape.css";

const CARD_PX = 236;
const MOST_SIGNS = 3;

/** What is under the pointer, above it. It tells of a span what is known at the playhead. */
export function HoverCard() {
  const current = hover.value;
  const { width } = scale.value;
  if (current === null) return null;
  const { quietMs, signs, time, told, x } = current;
  // Over the pointer, but never beyond the axis. Its width is known, so nothing has to be measured while it moves.
  const left = Math.round(Math.max(0, Math.min(width - CARD_PX, x - CARD_PX / 2)));
  return (
    <>
      <div class="hover-line" style={{ transform: `translateX(${x}px)` }} />
      <div
        class="hover-card"
        role="tooltip"
        style={{ width: `${CARD_PX}px`, transform: `translateX(${left}px)` }}
      >
        {told !== null && <SpanTold {...told} />}
        {signs.slice(0, MOST_SIGNS).map((sign) => (
          <p key={`${sign.at} ${sign.text}`} class="hover-sign">
            <i class={`sign-shape ${sign.mark}`} aria-hidden="true" />
            {sign.text === "" ? sign.mark : sign.text}
            {sign.at > position.value && <span class="faint"> (recorded later)</span>}
          </p>
        ))}
        {signs.length > MOST_SIGNS && <p class="hover-sign">and {signs.length - MOST_SIGNS} more</p>}
        {quietMs !== null && <p class="hover-quiet">Nothing written for {duration(quietMs)}</p>}
        <p class="hover-time num">at {fineClock(time - course.value.start, scale.value.perPixel)}</p>
      </div>
    </>
  );
}

function SpanTold({ at, count, failures, label, mark, shorter, test }: Told) {
  const { start } = mark;
  const state = stateOf(mark, at);
  const later = state === "ahead" ? ", recorded later" : "";
  const more = count > 1 ? ` and ${wholeNumber(count - 1)} more` : "";
  return (
    <>
      <p class="hover-name">
        <i class={`swatch ${label.kind}`} />
        <span class="clip">
          {label.text}
          {more}
        </span>
      </p>
      {test !== null && <TestFacts {...test} attempt={label.attempt} state={state} />}
      {test === null && (
        <p class="hover-facts">
          {wordOf(label.kind)}
          {count === 1 && label.attempt > 1 && ` · attempt ${wholeNumber(label.attempt)}`}
          {count > 1 && failures > 0 && (
            <Outcome
              glyph="cross"
              tone="bad"
              words={`${wholeNumber(failures)} of ${plural(count, "span")} failed${later}`}
            />
          )}
          {count === 1 && label.kind === "unanswered" && (
            <Outcome glyph="question" tone="none" words={`Without a result${later}`} />
          )}
          {count === 1 && label.kind !== "unanswered" && (
            <State mark={mark} at={at} hasFailed={failures > 0} />
          )}
        </p>
      )}
      <p class="hover-facts">
        {isEndOnly(mark, test) ? (
          <>ended {clock(start - course.value.start)} · duration not recorded</>
        ) : (
          <>
            from {clock(start - course.value.start)}
            {label.kind !== "unanswered" && ` · ${lengthOf(mark, at, test?.result?.durationMs ?? null)}`}
          </>
        )}
        {shorter > 0 && ` · +${wholeNumber(shorter)} shorter`}
      </p>
    </>
  );
}

function State({
  at,
  hasFailed,
  mark,
}: {
  readonly at: number;
  readonly hasFailed: boolean;
  readonly mark: Mark;
}) {
  switch (stateOf(mark, at)) {
    case "ahead":
      return hasFailed ? (
        <Outcome glyph="cross" tone="bad" words="Failed, recorded later" />
      ) : (
        <Outcome glyph="clock" tone="none" words="Recorded later" />
      );
    case "open":
      return <Outcome glyph="ring" tone="going" words="Running" />;
    case "over":
      return hasFailed ? (
        <Outcome glyph="cross" tone="bad" words="Failed" />
      ) : (
        <Outcome glyph="check" tone="ok" words="Done" />
      );
  }
}

/** What is drawn as one may be several tests. */
function wordOf(kind: SpanKind): string {
  switch (kind) {
    case "tool":
    case "unanswered":
      return "tool call";
    case "turn-bar":
      return "turn";
    case "agent-bar":
      return "subagent";
    case "running":
    case "passed":
    case "failed":
    case "error":
    case "skipped":
    case "untold":
      return "tests";
    default:
      return kindWord(kind);
  }
}

/** A test of which nobody told how long it took, nor when it began. */
function isEndOnly({ end, start }: Mark, test: TestAttempt | null): boolean {
  return test?.result?.durationMs === null && end <= start;
}

/** `tookMs` is what a test's result says. */
function lengthOf(mark: Mark, at: number, tookMs: number | null): string {
  const { end, start } = mark;
  const length = tookMs ?? end - start;
  switch (stateOf(mark, at)) {
    case "ahead":
      return mark.isOpen ? "goes on" : `takes ${duration(length)}`;
    case "open":
      return `${duration(at - start)} so far`;
    case "over":
      return `took ${duration(length)}`;
  }
}

interface OutcomeProps {
  readonly glyph: GlyphName;
  readonly tone: "ok" | "bad" | "going" | "none";
  readonly words: string;
}

function Outcome({ glyph, tone, words }: OutcomeProps) {
  return (
    <span class={`hover-outcome tone-${tone}`}>
      <Glyph name={glyph} /> {words}
    </span>
  );
}
