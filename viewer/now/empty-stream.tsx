import { summaryTitle } from "../../src/protocol/run-words.ts";
import { health } from "../live/health.ts";
import { runs } from "../live/state.ts";
import { now } from "../playback/now.ts";
import { age } from "../ui/format.ts";
import { formatRoute, go, isPlainClick } from "../ui/route.ts";
import { hasLines } from "./shown.ts";

/** Where the lines would be, while there are none. */
export function EmptyStream() {
  const list = runs.value;
  if (list === null || !hasLines.value) return <div class="now-empty">Reading what happened last…</div>;
  if (list.total === 0) return <NoRuns />;
  const newest = list.runsById[list.order[0] ?? ""];
  return (
    <div class="now-empty">
      <b>Nothing happens right now.</b>
      <p>What agents do, in any of the folders that are watched, shows here at once.</p>
      {newest !== undefined && (
        <p>
          The newest run:{" "}
          <a
            href={formatRoute({ runId: newest.runId, at: null, tab: null })}
            onClick={(event) => {
              if (!isPlainClick(event)) return;
              event.preventDefault();
              go({ runId: newest.runId, at: null, tab: null });
            }}
          >
            {summaryTitle(newest)}
          </a>
          , <Ago since={Date.parse(newest.updatedAt)} />
        </p>
      )}
    </div>
  );
}

function Ago({ since }: { readonly since: number }) {
  return <>{age(now.value - since)} ago</>;
}

function NoRuns() {
  const { runsDirs = [], sessionDirs = [] } = health.value ?? {};
  const folders = [...new Set([...runsDirs, ...sessionDirs.map(({ dir }) => dir)])];
  return (
    <div class="now-empty">
      <b>No sessions and no runs yet.</b>
      <p>Start Claude Code, Codex, a flow or an evaluation in another terminal: it shows here by itself.</p>
      {folders.length > 0 && (
        <>
          <p>These folders are looked at:</p>
          <ul>
            {folders.map((folder) => (
              <li key={folder} class="num">
                {folder}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
