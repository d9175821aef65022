import type { RunSummary } from "../../src/protocol/bundle.ts";
import { isLive } from "../../src/protocol/going-on.ts";
import { summaryTitle } from "../../src/protocol/run-words.ts";
import { isMoving, SILENT_MS } from "../playback/run-clock.ts";

interface RunGroup {
  readonly name: string;
  /** Those that have rows. */
  readonly runs: readonly RunSummary[];
  /** How many there are; there may be more when `isOpen`. */
  readonly count: number;
  readonly isOpen: boolean;
}

interface Rows {
  readonly from: number;
  readonly to: number;
  /** The run after which some are not held; null when none is missing. */
  readonly gapAfter: RunSummary | null;
}

const DAY_MS = 24 * 3_600_000;

/** The runs, newest first, under the days they began; of all their rows in this order, those asked for. */
export function groupRuns(
  runs: readonly RunSummary[],
  { from, gapAfter, to }: Rows,
  now: number,
): RunGroup[] {
  const groups = new Map<string, RunSummary[]>();
  // What is live stands first whatever its day.
  groups.set("Live", []);
  const day = dayNames(now);
  for (const run of runs) {
    const name = isLive(run, now) ? "Live" : day(Date.parse(run.startedAt));
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(run);
  }
  // The day that is cut, and all before it, may have had more.
  const cutDay = gapAfter === null ? null : day(Date.parse(gapAfter.startedAt));
  let isOpen = false;
  let place = 0;
  const shown: RunGroup[] = [];
  for (const [name, group] of groups) {
    isOpen ||= name === cutDay;
    const some = group.slice(Math.max(0, from - place), Math.max(0, to - place));
    place += group.length;
    if (some.length > 0) shown.push({ name, runs: some, count: group.length, isOpen });
  }
  return shown;
}

/** Those whose name and minute others have, too: their ids. */
export function twinsAmong(runs: readonly RunSummary[]): ReadonlySet<string> {
  const known = new Map<string, string>();
  const twins = new Set<string>();
  for (const run of runs) {
    const key = `${Math.floor(Date.parse(run.startedAt) / 60_000)} ${summaryTitle(run)} ${run.label ?? ""}`;
    const other = known.get(key);
    if (other === undefined) known.set(key, run.runId);
    else twins.add(other).add(run.runId);
  }
  return twins;
}

/** How long a run of steps goes already. A recording that is written again later keeps its own time. */
export function elapsedOf(run: RunSummary, now: number): number {
  const started = Date.parse(run.startedAt);
  const updated = Date.parse(run.updatedAt);
  return Math.max(0, lastMomentOf(run, updated, now) - started);
}

function lastMomentOf(run: RunSummary, updated: number, now: number): number {
  // Streamed text moves no stamp of the list, but for a silence it is known when it began.
  if (run.status === "stalled") {
    const since = Date.parse(run.stalledSince ?? run.updatedAt);
    return (since - updated < SILENT_MS ? Math.max(updated, since) : updated) + SILENT_MS;
  }
  return isMoving(run.status) && now - updated < SILENT_MS ? now : updated;
}

function dayNames(now: number): (time: number) => string {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const names = new Map<number, string>();
  return (time) => {
    if (!Number.isFinite(time)) return "Undated";
    if (time >= today) return "Today";
    if (time >= today - DAY_MS) return "Yesterday";
    const day = new Date(time).setHours(0, 0, 0, 0);
    const name = names.get(day) ?? formatDay(day, now);
    names.set(day, name);
    return name;
  };
}

function formatDay(day: number, now: number): string {
  const sameYear = new Date(day).getFullYear() === new Date(now).getFullYear();
  return new Date(day).toLocaleDateString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}
