import { useLayoutEffect, useRef } from "preact/hooks";
import { openRunId, view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { chosenStep } from "../steps/chosen.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { AttemptDetails } from "./attempt-details.tsx";
import { Failure } from "./failure.tsx";
import { RunSection } from "./run-section.tsx";
import { details, runFacts } from "./shown.ts";
import "./details.css";

/** What is known of the chosen attempt as of the playhead: first what went wrong, then what was asked and what came of it. */
export function Details() {
  const current = view.value;
  const runId = openRunId.value;
  const chosen = chosenStep.value;
  const { isLate, isLoading, value } = usePicture("details", details);
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
        ref={box}
      >
        {hasNone && current.error !== null && (
          <Failure
            title={current.ended ? "This run failed" : "The run tells of an error"}
            error={current.error}
          />
        )}
        {hasNone && <p class="nothing">No step had begun yet.</p>}
        {!hasNone && value !== null && (
          <AttemptDetails
            runId={runId}
            view={value}
            current={current}
            isElsewhere={chosen?.isElsewhere === true}
          />
        )}
        {run !== null && <RunSection runId={runId} facts={run} />}
      </div>
      {isLate && !hasNone && <LoadingNote>Loading details…</LoadingNote>}
    </div>
  );
}
