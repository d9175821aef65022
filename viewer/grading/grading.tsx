import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RunView } from "../playback/as-of.ts";
import { view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { chosenStep } from "../steps/chosen.ts";
import { type Standing, standingOf } from "../steps/standing.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { GraderCard } from "./grader-card.tsx";
import type { GradingView, Trial } from "./grading-at.ts";
import { LooseGrades } from "./loose-grades.tsx";
import { PartLine } from "./part-line.tsx";
import { grading, looseGrades, talkStart } from "./shown.ts";
import type { TalkView } from "./talk-pictures.ts";
import { TalkStart } from "./talk-start.tsx";
import { TestFailure } from "./test-failure.tsx";
import { TestHead } from "./test-head.tsx";
import "./grading.css";

/** The chosen test as of the playhead: how it came out, what its graders said, and how its conversation began. */
export function Grading() {
  const current = view.value;
  const chosen = chosenStep.value;
  const { isLate, isLoading, value } = usePicture("grading", grading);
  const { value: talk } = usePicture("start of a conversation", talkStart);
  const { value: loose } = usePicture("grades of no test", looseGrades);
  const box = useRef<HTMLDivElement>(null);
  const line = value?.attempt.line;
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = 0;
  }, [line]);
  if (current === null) return null;
  const hasNone = chosen === null && current.steps.extent === "all";
  return (
    <div class="follow-frame">
      <div
        class={`grading ${loadingClass(isLate && !hasNone)}`}
        aria-busy={isLoading && !hasNone}
        tabIndex={0}
        role="region"
        aria-label="Grading of the chosen test"
        ref={box}
      >
        {hasNone && <p class="nothing">No test is known of yet.</p>}
        {!hasNone && value !== null && (
          <TestGrading
            view={value}
            talk={talk}
            current={current}
            isElsewhere={chosen?.isElsewhere === true}
          />
        )}
        {loose !== null && <LooseGrades view={loose} />}
      </div>
      {isLate && !hasNone && <LoadingNote>Loading the grading…</LoadingNote>}
    </div>
  );
}

interface TestProps {
  readonly view: GradingView;
  readonly talk: TalkView | null;
  readonly current: RunView;
  readonly isElsewhere: boolean;
}

function TestGrading({ current, isElsewhere, talk, view: shown }: TestProps) {
  const { attempt, isCut, result, state, trialCount, trials } = shown;
  const standing = standingOf(attempt, current);
  return (
    <>
      <TestHead view={shown} standing={standing} isElsewhere={isElsewhere} />
      <Fragment key={attempt.line}>
        {result !== null && <TestFailure result={result} />}
        {isCut && (
          <p class="grading-note">
            Very much was noted while this test ran. What its graders said in the middle of it is not read
            here; the Events tab has all.
          </p>
        )}
        {trials.map((trial) => (
          <TrialView key={trial.number ?? 0} trial={trial} count={trialCount} />
        ))}
        {trials.length === 0 && <p class="grading-note">{nothingText(state !== null, standing)}</p>}
        {talk?.attempt === attempt.line && <TalkStart talk={talk} />}
      </Fragment>
    </>
  );
}

function nothingText(hasResult: boolean, standing: Standing): string {
  if (hasResult) return "No grader said anything on this test.";
  switch (standing) {
    case "running":
      return "The test is running. No grader has said anything yet.";
    case "done":
      return "The run has ended, and nothing tells how this test came out. The run's own sums may count it.";
    case "failed":
    case "unfinished":
    case "waiting":
      return "No grader had said anything.";
  }
}

/** One trial alone needs no number. */
function TrialView({ count, trial: { graders, number } }: { readonly trial: Trial; readonly count: number }) {
  return (
    <div class="trial">
      {number !== null && count > 1 && (
        <PartLine>
          Trial {number} of {count}
        </PartLine>
      )}
      {graders.map((grader, index) => (
        <GraderCard key={index} grader={grader} />
      ))}
    </div>
  );
}
