import { agentOfCall, showSession } from "../playback/shown-session.ts";
import { compare } from "../text/comparison.ts";
import type { DiffStat } from "../text/diff-row.ts";
import { DiffCount } from "../text/diff-count.tsx";
import { duration } from "../ui/format.ts";
import { OutcomeGlyph } from "../ui/status-mark.tsx";
import type { ToolEntry } from "./entry.ts";
import { RunningTime } from "./running-time.tsx";
import { toolBody } from "./tool-body-part.ts";
import { failureLine } from "./failure-line.ts";
import { useOpened } from "./use-opened.ts";
import "./tool-call.css";

interface Props {
  readonly entry: ToolEntry;
  readonly alive: boolean;
  readonly isSought: boolean;
}

/** One line until it is opened; its text is drawn only then. */
export function ToolCall({ alive, entry, isSought }: Props) {
  const [open, setOpen] = useOpened(isSought);
  const stat = changedLines(entry);
  const failure = failureLine(entry);
  const took = tookOf(entry);
  const isRunning = alive && entry.endedAt === null;
  const body = open ? toolBody.read() : null;
  const agent = agentOfCall(entry.id);
  const call = (
    <details class="tool-call" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="tool-line">
          <span class="tool-kind num">{entry.toolKind}</span>
          <span class="tool-title clip" title={entry.title}>
            {entry.title === "" ? entry.id : entry.title}
          </span>
          {stat !== null && <DiffCount stat={stat} />}
          <span class="tool-time num">
            {took !== null && duration(took)}
            {isRunning && <RunningTime since={entry.at} />}
          </span>
          <OutcomeGlyph outcome={isRunning || entry.endedAt !== null ? entry.status : "unfinished"} />
        </span>
        {failure !== null && <span class="tool-failure clip">{failure}</span>}
      </summary>
      {open && body !== null && <body.ToolBody entry={entry} isRunning={isRunning} />}
    </details>
  );
  if (agent === null) return call;
  return (
    <div class="tool-of-agent">
      {call}
      <button type="button" class="quiet-button" onClick={() => showSession(agent)}>
        Open its conversation
      </button>
    </div>
  );
}

/** What began and ended at one moment was told of afterwards: how long it took is not known. */
function tookOf({ at, endedAt, tookMs }: ToolEntry): number | null {
  if (endedAt === null || tookMs !== null) return tookMs;
  return endedAt > at ? endedAt - at : null;
}

/** How many lines the call changed in all its files; null where it changed none, or that is not known. */
function changedLines({ content }: ToolEntry): DiffStat | null {
  const changes = content.filter((part) => part.kind === "diff");
  if (changes.length === 0) return null;
  let added = 0;
  let removed = 0;
  for (const change of changes) {
    const stat = compare(change)?.stat ?? null;
    if (stat === null) return null;
    added += stat.added;
    removed += stat.removed;
  }
  return { added, removed };
}
