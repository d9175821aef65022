import { heardNow, course, position } from "../playback/playback.ts";
import type { Attempt } from "../playback/step-table.ts";
import { age, clock, duration, firstLine, humanise, wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { OutcomeGlyph, outcomeWord, StatusGlyph } from "../ui/status-mark.tsx";
import { kindWord } from "../ui/kind-word.ts";
import { chooseLine } from "./chosen.ts";
import type { RowProps } from "./row-props.ts";
import type { Standing } from "./standing.ts";

export const StepRow = memo<RowProps>(({ isChosen, place: _place, standing, ...attempt }) => {
  const detail = attempt.error ?? (standing === "running" ? attempt.statusDetail : null);
  return (
    <button
      type="button"
      class={`step ${standing} kind-${attempt.nodeType}`}
      data-head
      tabIndex={-1}
      aria-current={isChosen ? "step" : undefined}
      onClick={() => chooseLine(attempt.line)}
    >
      <StandingGlyph attempt={attempt} standing={standing} />
      <span class="step-name clip">{humanise(attempt.nodeId)}</span>
      <span class="step-time num">
        <StepTime attempt={attempt} standing={standing} />
      </span>
      <span class="step-kind clip">
        {kindWord(attempt.nodeType)}
        {attempt.number > 1 && ` · attempt ${wholeNumber(attempt.number)}`}
        {" · "}
        {wordOf(attempt, standing)}
        {" · "}
        <StepStart at={attempt.startedAt} />
      </span>
      {detail !== null && (
        <span class={standing === "failed" ? "step-detail clip bad" : "step-detail clip"}>
          {firstLine(detail)}
        </span>
      )}
    </button>
  );
});

interface StandingProps {
  readonly attempt: Attempt;
  readonly standing: Standing;
}

export function StandingGlyph({ attempt, standing }: StandingProps) {
  if (standing === "waiting") return <StatusGlyph status="waiting" />;
  return <OutcomeGlyph outcome={standing === "unfinished" ? "unfinished" : attempt.outcome} />;
}

/** How long it took, or has taken. Who waits for a person waits on after the step itself is over. */
export function StepTime({ attempt, standing }: StandingProps) {
  const { finishedAt, startedAt } = attempt;
  if (standing === "waiting") return <StepWait since={finishedAt ?? startedAt} />;
  return finishedAt === null ? <StepElapsed since={startedAt} /> : <>{duration(finishedAt - startedAt)}</>;
}

function StepElapsed({ since }: { readonly since: number }) {
  return <>{clock(position.value - since)}</>;
}

/** Nothing is written while a run waits, so its edge stands still; the wait itself goes on. */
function StepWait({ since }: { readonly since: number }) {
  const waited = heardNow.value - since;
  return <>waiting {waited < DAY_MS ? clock(waited) : age(waited)}</>;
}

const DAY_MS = 86_400_000;

function StepStart({ at }: { readonly at: number }) {
  return <>at {clock(at - course.value.start)}</>;
}

export function wordOf(attempt: Attempt, standing: Standing): string {
  if (standing === "waiting") return "waiting for someone";
  return standing === "unfinished" ? "not finished" : outcomeWord(attempt.outcome).toLowerCase();
}
