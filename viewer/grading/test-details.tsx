import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { runFacts } from "../details/shown.ts";
import { RunSection } from "../details/run-section.tsx";
import { Fact, Section } from "../details/section.tsx";
import type { RunView } from "../playback/as-of.ts";
import { course, openRunId, view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { fieldsOf } from "../playback/unknown.ts";
import { chosenStep } from "../steps/chosen.ts";
import { standingOf } from "../steps/standing.ts";
import { JsonTree } from "../text/json-tree.tsx";
import { clockWithin, duration, exactTimeOfDay } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import type { GradingView } from "./grading-at.ts";
import { grading } from "./shown.ts";
import { TestFailure } from "./test-failure.tsx";
import { TestHead } from "./test-head.tsx";
import { tookOf } from "./took.ts";
import "../details/details.css";

/** What is known of the chosen test besides its grading: when it ran, as what, and the line that tells of its end. */
export function TestDetails() {
  const current = view.value;
  const runId = openRunId.value;
  const chosen = chosenStep.value;
  const { isLate, isLoading, value } = usePicture("grading", grading);
  const { value: run } = usePicture("details of the run", runFacts);
  const box = useRef<HTMLDivElement>(null);
  const line = value?.attempt.line;
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = 0;
  }, [line]);
  if (current === null || runId === null) return null;
  const hasNone = chosen === null && current.steps.extent === "all";
  return (
    <div class="follow-frame">
      <div
        class={`details ${loadingClass(isLate && !hasNone)}`}
        aria-busy={isLoading && !hasNone}
        tabIndex={0}
        role="region"
        aria-label="Details of the chosen test"
        ref={box}
      >
        {hasNone && <p class="nothing">No test is known of yet.</p>}
        {!hasNone && value !== null && (
          <TestFacts view={value} current={current} isElsewhere={chosen?.isElsewhere === true} />
        )}
        {run !== null && <RunSection runId={runId} facts={run} />}
      </div>
      {isLate && !hasNone && <LoadingNote>Loading details…</LoadingNote>}
    </div>
  );
}

interface Props {
  readonly view: GradingView;
  readonly current: RunView;
  readonly isElsewhere: boolean;
}

function TestFacts({ current, isElsewhere, view: shown }: Props) {
  const { attempt, category, result, resultLine, state, test } = shown;
  const took = tookOf(shown);
  // Where all of it was told at one moment, that says nothing of when it began.
  const began = test.since ?? (attempt.finishedAt === attempt.startedAt ? null : attempt.startedAt);
  return (
    <>
      <TestHead view={shown} standing={standingOf(attempt, current)} isElsewhere={isElsewhere} />
      <Fragment key={attempt.line}>
        {result !== null && <TestFailure result={result} />}
        <Section title="Test">
          <dl class="detail-facts">
            <Fact label="Test">{test.name}</Fact>
            {test.suite !== null && <Fact label="Suite">{test.suite}</Fact>}
            {test.target !== null && <Fact label="Target">{test.target}</Fact>}
            {result?.status != null && <Fact label="Noted as">{result.status}</Fact>}
            {category !== null && <Fact label="Category">{category}</Fact>}
            <Fact label="Attempt">{attempt.number}</Fact>
          </dl>
        </Section>
        <Section title="Times">
          <dl class="detail-facts">
            {began !== null && (
              <Fact label="Began">
                <Moment at={began} />
              </Fact>
            )}
            {began !== attempt.startedAt && (
              <Fact label="Known from">
                <Moment at={attempt.startedAt} />
              </Fact>
            )}
            {state !== null && attempt.finishedAt !== null && (
              <Fact label="Ended">
                <Moment at={attempt.finishedAt} />
              </Fact>
            )}
            {took !== null && (
              <Fact label="Took">
                <span class="num">{duration(took)}</span>
              </Fact>
            )}
          </dl>
        </Section>
        {resultLine !== null && (
          <Section title="Result, as Runreel reads it">
            <JsonTree value={withoutPlaces(resultLine.payload)} label="Result" />
          </Section>
        )}
      </Fragment>
    </>
  );
}

/** Where its words stand among those of all tests is of no use to a reader. */
function withoutPlaces(payload: unknown): unknown {
  const { talk: _, ...rest } = fieldsOf(payload);
  return rest;
}

/** In the run's own time, and by the clock. */
function Moment({ at }: { readonly at: number }) {
  return (
    <>
      <span class="num">{clockWithin(at - course.value.start, 0)}</span>, {exactTimeOfDay(at)}
    </>
  );
}
