import { isCoding } from "../playback/coding.ts";
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
          {isCoding.value ? (
            <NoResult detail={current.statusDetail} since={Date.parse(openRun.value?.run.updatedAt ?? "")} />
          ) : (
            <>
              <Waiting since={Date.parse(openRun.value?.run.updatedAt ?? "")} /> {current.statusDetail}
            </>
          )}
        </div>
      )}
      <Reading />
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

/** So the detail of a session's standing begins where it has put a question. */
const ASKS = "asks: ";

/** Files do not tell a call that waits for a person from one that takes its time. */
function NoResult({ detail, since }: { readonly detail: string | null; readonly since: number }) {
  if (detail?.startsWith(ASKS) === true)
    return (
      <>
        <b>It asks you:</b> {detail.slice(ASKS.length)}
      </>
    );
  const silent = Number.isFinite(since) ? ` Nothing was written for ${age(now.value - since)}.` : "";
  return (
    <>
      <b>It may be waiting for you{detail === null ? "." : ":"}</b> {detail}
      {silent} It may still be at work, too: the files do not tell.
    </>
  );
}

/** Of a coding session that is still being read: what is shown of it is not whole yet. */
function Reading() {
  const reading = openRun.value?.reading;
  if (reading === undefined) return null;
  const share = reading.of > 0 ? Math.floor((100 * reading.done) / reading.of) : 0;
  return (
    <div class="run-notice" role="status">
      <b>Reading the older part: {share} %.</b> Turns and cost are not whole yet.
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
