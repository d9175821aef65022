import { type Failure, retryRun } from "../live/state.ts";
import "./failure.css";

interface FailureProps {
  readonly failure: Failure;
}

/** In place of a run that the server cannot show. */
export function FailedRun({ failure }: FailureProps) {
  return (
    <div class="run-absent run-failed">
      <p role="alert">
        <b>This run could not be opened.</b> {failure.message}
      </p>
      <Again failure={failure} />
    </div>
  );
}

/** Above a run that was shown, and of which nothing more is heard. */
export function LostRun({ failure }: FailureProps) {
  return (
    <div class="run-notice run-lost">
      <p role="alert">
        <b>This run is no longer live:</b> what is shown is the last that was heard of it. {failure.message}
      </p>
      <Again failure={failure} />
    </div>
  );
}

/** The button stays where it is while the answer is awaited: who pressed it is still on it. */
function Again({ failure }: FailureProps) {
  return (
    <p class="run-again">
      <span role="status">{failure.isAsked ? "Trying again…" : "It is tried again by itself."}</span>
      <button type="button" class="button" aria-disabled={failure.isAsked} onClick={retryRun}>
        Retry
      </button>
    </p>
  );
}
