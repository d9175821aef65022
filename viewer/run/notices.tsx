import { now } from "../playback/now.ts";
import { olderFailed, openRun, view } from "../playback/playback.ts";
import { failure, partsFailed, retryParts } from "../live/state.ts";
import { FoldedText } from "../ui/folded-text.tsx";
import { age, plural, timeOrDay } from "../ui/format.ts";
import { LostRun } from "./failure.tsx";
import "./notices.css";

/** What a reader must know of the run before anything else: why it failed, that it hangs, what was lost. */
export function RunNotices() {
  const current = view.value;
  const problems = openRun.value?.problems;
  if (current === null) return null;
  return (
    <>
      {failure.value !== null && <LostRun failure={failure.value} />}
      {current.error !== null && (
        <div class="run-notice bad">
          <b>{current.ended ? "This run failed." : "The run tells of an error."}</b>
          <div class="run-notice-text">
            <FoldedText text={current.error} lines={4} />
          </div>
        </div>
      )}
      {current.status === "stalled" && current.stalledSince !== null && (
        <div class="run-notice">
          <Silence since={Date.parse(current.stalledSince)} />
        </div>
      )}
      {current.status === "waiting" && (
        <div class="run-notice wait">
          <Waiting since={Date.parse(openRun.value?.run.updatedAt ?? "")} /> {current.statusDetail}
        </div>
      )}
      <MissingParts />
      {problems !== undefined && problems.count > 0 && (
        <details class="run-notice">
          <summary>{plural(problems.count, "part")} of this run could not be read</summary>
          <ul>
            {problems.listed.map((problem) => (
              <li key={`${problem.file}:${problem.offset}`}>
                <span class="num">
                  {problem.file} at byte {problem.offset}
                </span>{" "}
                ({plural(problem.bytes, "byte")}, {problem.kind.replaceAll("_", " ")}): {problem.message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What was asked for and did not come. The older part of the index is asked for again by itself. */
function MissingParts() {
  if (!partsFailed.value && !olderFailed.value) return null;
  return (
    <div class="run-notice" role="status">
      <b>A part of this run could not be loaded.</b>{" "}
      {partsFailed.value ? (
        <button type="button" class="quiet-button" onClick={retryParts}>
          Try again
        </button>
      ) : (
        "Trying again…"
      )}
    </div>
  );
}

function Waiting({ since }: { readonly since: number }) {
  if (!Number.isFinite(since)) return <b>Waiting for you.</b>;
  return (
    <b>
      Waiting for you for {age(now.value - since)}, since {timeOrDay(since, now.value)}.
    </b>
  );
}

function Silence({ since }: { readonly since: number }) {
  return (
    <>
      <b>No writes for {age(now.value - since)}</b>, since {timeOrDay(since, now.value)}. It may have been
      killed; it counts as running again when it writes again.
    </>
  );
}
