import { useMemo } from "preact/hooks";
import { course, indexed, moment } from "../playback/playback.ts";
import { chooseLine } from "../steps/chosen.ts";
import { StandingGlyph, StepTime, wordOf } from "../steps/step-row.tsx";
import type { RowProps } from "../steps/row-props.ts";
import { clock, exactTimeOfDay, firstLine, plural, wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { kept } from "./shown.ts";
import { turnFigures } from "./turn-at.ts";
import { costWords, tokenWords, usageSentence } from "./usage-words.ts";
import "./turn-row.css";

/** A turn in the list: what was asked, how it stands, what it did and what it took. */
export const TurnRow = memo<RowProps>(({ isChosen, place, standing, ...attempt }) => {
  // What it took may grow without any news of the turn itself.
  const figures = useMemo(
    () =>
      kept(() => {
        const known = indexed.value;
        return known === null ? null : turnFigures(known.index, place, moment.value);
      }),
    [place],
  ).value;
  if (figures === null) return null;
  const { agents, calls, number, title, usage } = figures;
  const tokens = tokenWords(usage);
  const cost = costWords(usage);
  return (
    <button
      type="button"
      class={`step turn-row ${standing} kind-turn`}
      data-head
      tabIndex={-1}
      aria-current={isChosen ? "step" : undefined}
      onClick={() => chooseLine(attempt.line)}
    >
      <StandingGlyph attempt={attempt} standing={standing} />
      <span class="step-name clip" title={title}>
        <span class="turn-number num">{wholeNumber(number)}</span>{" "}
        {title === "" ? "(no text)" : firstLine(title)}
      </span>
      <span class="step-time num">
        {/* It waits since its last call, not since it began, which is what the card has to tell. */}
        <StepTime attempt={attempt} standing={standing === "waiting" ? "running" : standing} />
      </span>
      <span class="turn-line">
        <span class="clip">
          <span title={exactTimeOfDay(attempt.startedAt)}>
            {standing === "waiting" ? "no result yet" : wordOf(attempt, standing)} · at{" "}
            <span class="num">{clock(attempt.startedAt - course.value.start)}</span>
          </span>
          {calls !== null && calls.count > 0 && <> · {plural(calls.count, "tool call")}</>}
          {calls !== null && calls.failed > 0 && (
            <b class="turn-failed">, {wholeNumber(calls.failed)} failed</b>
          )}
          {agents > 0 && <> · {plural(agents, "subagent")}</>}
        </span>
        <span class="turn-used" title={tokens === null ? undefined : usageSentence(usage)}>
          {[tokens === null ? null : `${tokens} tokens`, cost].filter((words) => words !== null).join(" · ")}
        </span>
      </span>
      {attempt.error !== null && <span class="step-detail clip bad">{firstLine(attempt.error)}</span>}
    </button>
  );
});
