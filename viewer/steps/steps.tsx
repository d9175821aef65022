import { extent, position, seekTo, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import type { Attempt } from "../timeline/attempts.ts";
import { isFailure } from "../timeline/spans.ts";
import { clock, duration, firstLine, humanise } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { OutcomeGlyph, outcomeWord } from "../ui/status-mark.tsx";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { useSignal } from "@preact/signals";
import "./steps.css";

const PORTION = 200;

/** The attempts known at the playhead, in the order of their start. */
export function Steps() {
  const limit = useSignal(PORTION);
  const current = view.value;
  const list = current?.attempts.list;
  const { box, onScroll } = useFollowScroll(list?.length);
  if (current === null || list === undefined) return null;
  const from = Math.max(0, list.length - limit.value);
  const moving = isMoving(current.status);
  return (
    <section class="steps" aria-label="Steps" tabIndex={0} ref={box} onScroll={onScroll}>
      {from > 0 && (
        <button type="button" class="button earlier" onClick={() => (limit.value += PORTION)}>
          Show earlier
        </button>
      )}
      {list.length === 0 && <p class="nothing">{moving ? "Waiting for the first step…" : "No steps yet."}</p>}
      <ol>
        {list.slice(from, list.length).map((attempt, offset) => (
          <StepRow
            key={from + offset}
            attempt={attempt}
            isLast={from + offset === list.length - 1}
            moving={moving}
          />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  readonly attempt: Attempt;
  readonly isLast: boolean;
  readonly moving: boolean;
}

const StepRow = memo<RowProps>(({ attempt, isLast, moving }) => {
  const running = attempt.finishedAt === null;
  const failed = isFailure(attempt.outcome);
  const detail = attempt.error ?? (running ? attempt.statusDetail : null);
  return (
    <li class={stepClass(running, failed)}>
      <button
        type="button"
        class={`step kind-${attempt.nodeType}`}
        aria-current={isLast ? "step" : undefined}
        onClick={() => seekTo(attempt.startedAt)}
      >
        <OutcomeGlyph outcome={running && !moving ? "unfinished" : attempt.outcome} />
        <span class="step-name clip">{humanise(attempt.nodeId)}</span>
        <span class="step-time num">
          {attempt.finishedAt === null ? (
            <StepElapsed since={attempt.startedAt} />
          ) : (
            duration(attempt.finishedAt - attempt.startedAt)
          )}
        </span>
        <span class="step-kind">
          {kindWord(attempt.nodeType)}
          {attempt.number > 1 && ` · attempt ${attempt.number}`}
          {" · "}
          {running && !moving ? "not finished" : outcomeWord(attempt.outcome).toLowerCase()}
          {" · "}
          <StepStart at={attempt.startedAt} />
        </span>
        {detail !== null && (
          <span class={failed ? "step-detail bad" : "step-detail"}>{firstLine(detail)}</span>
        )}
      </button>
    </li>
  );
});

function stepClass(running: boolean, failed: boolean): string {
  if (running) return "running";
  return failed ? "failed" : "done";
}

function StepElapsed({ since }: { readonly since: number }) {
  return <>{clock(position.value - since)}</>;
}

function StepStart({ at }: { readonly at: number }) {
  return <>at {clock(at - extent.value.start)}</>;
}

function kindWord(nodeType: string): string {
  return nodeType === "acp" ? "agent" : nodeType;
}
