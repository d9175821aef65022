import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import { kindOf, summaryTitle } from "../../src/protocol/run-words.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { failuresText } from "../../src/protocol/verdict.ts";
import { now } from "../playback/now.ts";
import { heardNow } from "../playback/playback.ts";
import { age, clock, dayOrTime, duration, exactTimeOfDay, hoursAndMinutes, humanise } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { formatRoute, isPlainClick } from "../ui/route.ts";
import { StatusGlyph } from "../ui/status-mark.tsx";
import { costWords, lastFolder } from "./cost-words.ts";
import { elapsedOf } from "./groups.ts";
import { RowClocks } from "./row-clocks.ts";
import { TallyBar } from "./tally-bar.tsx";
import { doneText, rateText, restText, rowTitle } from "./tally-text.ts";
import "./run-row.css";

interface Props {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  /** Does the Tab key stop here? */
  readonly isStop: boolean;
  /** Another of its name began in the same minute. */
  readonly isTwin: boolean;
  /** Nothing above it tells the day it began. */
  readonly hasDay?: boolean;
  readonly choose: (runId: string) => void;
}

export const RunRow = memo<Props>(({ choose, hasDay, isOpen, isStop, isTwin, run }) => (
  <a
    class={run.status === "waiting" ? "run-row asks" : "run-row"}
    href={formatRoute({ runId: run.runId, at: null, tab: null })}
    aria-current={isOpen ? "page" : undefined}
    tabIndex={isStop ? 0 : -1}
    title={rowTitle(run)}
    onClick={(event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      choose(run.runId);
    }}
  >
    <StatusGlyph status={run.status} tally={run.tally} />
    <span class="run-title clip">
      <bdi>{summaryTitle(run)}</bdi>
      {run.label !== undefined && (
        <span class="run-label">
          {" "}
          <bdi>{run.label}</bdi>
        </span>
      )}
    </span>
    <span class="run-time num">
      <RunTime run={run} isTwin={isTwin} hasDay={hasDay === true} />
    </span>
    {run.tally === undefined ? (
      <span class="run-line clip">
        <SessionOrFlow run={run} />
      </span>
    ) : (
      <TestLine run={run} tally={run.tally} />
    )}
  </a>
));

/** The kind, where it stands, and of a session what it cost and where it worked. */
function SessionOrFlow({ run }: { readonly run: RunSummary }) {
  const cost = costWords(run.usage);
  return (
    <>
      {kindOf(run.source)}
      {(run.status !== "ended" || run.project === undefined) && (
        <>
          {" · "}
          <RunLine run={run} />
        </>
      )}
      {cost !== null && (
        <>
          {" · "}
          <span class="num">{cost}</span>
        </>
      )}
      {run.project !== undefined && (
        <span class="run-project">
          {" · "}
          <bdi>{lastFolder(run.project)}</bdi>
        </span>
      )}
    </>
  );
}

/** When it began, or how long it goes; of one that fell silent its line tells since when. */
function RunTime({ hasDay, isTwin, run }: Pick<Props, "run" | "isTwin"> & { readonly hasDay: boolean }) {
  const time = hasDay ? dayOrTimeNow : isTwin ? exactTimeOfDay : hoursAndMinutes;
  if (isTerminal(run.status)) return <>{time(Date.parse(run.startedAt))}</>;
  return run.status === "stalled" ? null : <Elapsed run={run} />;
}

const dayOrTimeNow = (time: number) => dayOrTime(time, Date.now());

const clocks = new RowClocks();

function Elapsed({ run }: { readonly run: RunSummary }) {
  const at = heardNow.value;
  return <>{clock(run.tally === undefined ? elapsedOf(run, at) : clocks.elapsed(run, at))}</>;
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
    case "idle":
      return <>idle, {age(now.value - Date.parse(run.updatedAt))}</>;
    case "ended":
      return <>{tookText(run)}</>;
    case "unknown":
      return <>state unknown</>;
  }
}

/** Of an evaluation: how far its tests have come, or how they came out. */
function TestLine({ run, tally }: { readonly run: RunSummary; readonly tally: Tally }) {
  const kind = <span class="hidden">{kindOf(run.source)} </span>;
  const failures = failuresText(tally);
  switch (run.status) {
    case "queued":
    case "starting":
    case "running":
    case "finalising":
      return (
        <span class="run-line run-tests">
          {kind}
          <TallyBar tally={tally} />
          {goingWord(run, tally) !== null && <span aria-hidden="true">{goingWord(run, tally)}</span>}
          <span class="num" aria-hidden="true">
            {doneText(tally)}
          </span>
        </span>
      );
    case "waiting":
    case "idle":
    case "stalled":
    case "ended":
    case "unknown":
      return (
        <span class="run-line clip">
          {kind}
          <span class="num">{doneText(tally)}</span>
          {failures !== "" && ` · ${failures}`} · <RunLine run={run} />
        </span>
      );
    case "completed":
      return <OutcomeLine kind={kindOf(run.source)} tally={tally} />;
    case "failed":
    case "timed_out":
    case "cancelled":
      return <OutcomeLine kind={kindOf(run.source)} status={run.status.replace("_", " ")} tally={tally} />;
  }
}

/** What it is at, where that is not simply to run. One whose tests all had a result and that goes on does some again. */
function goingWord({ status, statusDetail }: RunSummary, { done, total }: Tally): string | null {
  if (status !== "running") return status;
  return statusDetail === "resumed" && done === total ? "rerunning" : null;
}

interface OutcomeProps {
  readonly kind: string;
  /** Of one that did not go to its end. */
  readonly status?: string;
  readonly tally: Tally;
}

/** The pass rate comes first, and is never cut off. */
function OutcomeLine({ kind, status, tally }: OutcomeProps) {
  const rate = rateText(tally);
  const words = [...(status === undefined ? [] : [status]), restText(tally)];
  return (
    <span class="run-line run-tests">
      <span class="hidden">{kind} </span>
      {rate !== null && (
        <span class="num">
          <span class="hidden">pass rate </span>
          {rate}
        </span>
      )}
      <span class="run-outcome clip">{words.join(" · ")}</span>
    </span>
  );
}

function Waiting({ since }: { readonly since: number }) {
  return <span class="run-waits">waiting for you, {age(now.value - since)}</span>;
}

function Silence({ since }: { readonly since: number }) {
  return <>no writes for {age(now.value - since)}</>;
}

function tookText(run: RunSummary): string {
  const ms = Date.parse(run.finishedAt ?? run.updatedAt) - Date.parse(run.startedAt);
  return Number.isFinite(ms) ? duration(ms) : "ended";
}
