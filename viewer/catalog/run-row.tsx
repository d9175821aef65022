import type { RunSummary } from "../../src/protocol/bundle.ts";
import { summaryTitle } from "../../src/protocol/run-words.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { now } from "../playback/now.ts";
import { heardNow } from "../playback/playback.ts";
import { age, clock, duration, hoursAndMinutes, humanise } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { formatRoute, isPlainClick } from "../ui/route.ts";
import { StatusGlyph } from "../ui/status-mark.tsx";
import { elapsedOf } from "./groups.ts";
import "./run-row.css";

interface Props {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  /** Does the Tab key stop here? */
  readonly isStop: boolean;
  readonly choose: (runId: string) => void;
}

export const RunRow = memo<Props>(({ choose, isOpen, isStop, run }) => (
  <a
    class="run-row"
    href={formatRoute({ runId: run.runId, at: null, tab: null })}
    aria-current={isOpen ? "page" : undefined}
    tabIndex={isStop ? 0 : -1}
    title={`${run.runId}\n${run.path}`.trim()}
    onClick={(event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      choose(run.runId);
    }}
  >
    <StatusGlyph status={run.status} />
    <span class="run-title clip">{summaryTitle(run)}</span>
    <span class="run-time num">
      <RunTime run={run} />
    </span>
    <span class="run-line clip">
      flow · <RunLine run={run} />
    </span>
  </a>
));

/** When it began, or how long it goes; of one that fell silent its line tells since when. */
function RunTime({ run }: { readonly run: RunSummary }) {
  if (isTerminal(run.status)) return <>{hoursAndMinutes(Date.parse(run.startedAt))}</>;
  return run.status === "stalled" ? null : <Elapsed run={run} />;
}

function Elapsed({ run }: { readonly run: RunSummary }) {
  return <>{clock(elapsedOf(run, heardNow.value))}</>;
}

function RunLine({ run }: { readonly run: RunSummary }) {
  switch (run.status) {
    case "queued":
      return <>queued</>;
    case "starting":
    case "running":
    case "finalising":
      return <>{run.currentNode === undefined ? run.status : humanise(run.currentNode).toLowerCase()}</>;
    case "waiting":
      return <Waiting since={Date.parse(run.updatedAt)} />;
    case "stalled":
      return <Silence since={Date.parse(run.stalledSince ?? run.updatedAt)} />;
    case "completed":
      return <>{tookText(run)}</>;
    case "failed":
    case "timed_out":
    case "cancelled":
      return (
        <>
          {run.status.replace("_", " ")} · {tookText(run)}
        </>
      );
    case "unknown":
      return <>state unknown</>;
  }
}

function Waiting({ since }: { readonly since: number }) {
  return <>waiting for you, {age(now.value - since)}</>;
}

function Silence({ since }: { readonly since: number }) {
  return <>no writes for {age(now.value - since)}</>;
}

function tookText(run: RunSummary): string {
  const ms = Date.parse(run.finishedAt ?? run.updatedAt) - Date.parse(run.startedAt);
  return Number.isFinite(ms) ? duration(ms) : "ended";
}
