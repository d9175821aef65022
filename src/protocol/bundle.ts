import * as v from "valibot";
import { Log } from "./log.ts";
import { isSafeKey } from "./pointer.ts";
import type { RunStatus } from "./status.ts";
import type { Tally } from "./tally.ts";
import type { PlanLimit } from "./plan-limit.ts";
import type { Usage } from "./usage.ts";

/**
 * The run state: one shape on disk, on the wire and on the page, close to the
 * bundle that acpx writes. Every schema here is loose: fields nobody has named
 * yet are kept, so that a newer producer loses nothing.
 */

/** ISO 8601, as the producer wrote it. */
const Timestamp = v.string();
/** A field a producer may leave out or write as null; both mean "not known". */
const MaybeText = v.nullish(v.string());

const ArtifactRef = v.looseObject({
  path: v.string(),
  mediaType: MaybeText,
  bytes: v.nullish(v.number()),
  sha256: MaybeText,
});

/** manifest.json: what the run is called and where its files are. */
export const Manifest = v.looseObject({
  runId: v.string(),
  flowName: MaybeText,
  runTitle: MaybeText,
  label: MaybeText,
  startedAt: MaybeText,
  finishedAt: MaybeText,
  status: MaybeText,
  paths: v.nullish(v.record(v.string(), v.unknown())),
  sessions: v.nullish(v.array(v.unknown())),
});

/** flow.json: the graph a run walks. */
export const Flow = v.looseObject({
  name: MaybeText,
  startAt: MaybeText,
  nodes: v.nullish(v.record(v.string(), v.looseObject({ nodeType: MaybeText }))),
  edges: v.nullish(v.array(v.unknown())),
});

/** live.json and run.json alike: where the run stands. */
export const RunFile = v.looseObject({
  runId: MaybeText,
  flowName: MaybeText,
  runTitle: MaybeText,
  startedAt: MaybeText,
  finishedAt: MaybeText,
  updatedAt: MaybeText,
  status: MaybeText,
  statusDetail: MaybeText,
  currentNode: MaybeText,
  currentAttemptId: MaybeText,
  currentNodeType: MaybeText,
  currentNodeStartedAt: MaybeText,
  lastHeartbeatAt: MaybeText,
  waitingOn: MaybeText,
  error: MaybeText,
});

/** One finished attempt at a node. `attemptId` is the node's id and a count: "reply#1". */
export const Step = v.looseObject({
  attemptId: v.string(),
  nodeId: v.string(),
  nodeType: MaybeText,
  outcome: MaybeText,
  startedAt: MaybeText,
  finishedAt: MaybeText,
  promptText: MaybeText,
  rawText: MaybeText,
  error: MaybeText,
});

/** One line of trace.ndjson. Types nobody has named yet are kept. */
export const TraceEvent = v.looseObject({
  seq: v.number(),
  at: Timestamp,
  type: v.string(),
  scope: MaybeText,
  nodeId: MaybeText,
  attemptId: MaybeText,
  sessionId: MaybeText,
  artifact: v.nullish(ArtifactRef),
  payload: v.nullish(v.record(v.string(), v.unknown())),
});

/** One line of a session's events.ndjson: a raw ACP JSON-RPC message in its envelope. */
export const SessionEvent = v.looseObject({
  seq: v.number(),
  at: Timestamp,
  direction: MaybeText,
  message: v.record(v.string(), v.unknown()),
});

export type Manifest = v.InferOutput<typeof Manifest>;
export type Flow = v.InferOutput<typeof Flow>;
export type RunFile = v.InferOutput<typeof RunFile>;
export type Step = v.InferOutput<typeof Step>;
export type TraceEvent = v.InferOutput<typeof TraceEvent>;
export type SessionEvent = v.InferOutput<typeof SessionEvent>;

/** Something on disk that could not be taken in. Nothing else is lost with it. */
export interface ReadProblem {
  /** Path inside the run. */
  readonly file: string;
  /** Where the line starts, in bytes from the file's start; 0 for a whole file. */
  readonly offset: number;
  readonly bytes: number;
  readonly kind: "malformed" | "too_long" | "refused";
  readonly message: string;
}

export interface ReadProblems {
  /** All of them since the run was opened. */
  readonly count: number;
  /** The first ones, at most MAX_LISTED_PROBLEMS. */
  readonly listed: readonly ReadProblem[];
}

export const MAX_LISTED_PROBLEMS = 20;

interface SessionState {
  readonly id: string;
  /** binding.json, or null until it is there. */
  readonly binding: Record<string, unknown> | null;
  /** record.json, or null until it is there. */
  readonly record: Record<string, unknown> | null;
  readonly events: Log<SessionEvent>;
}

export interface RunState {
  readonly schema: "acpx.viewer-run-live.v1";
  /** Which adapter reads the run: "acpx". */
  readonly sourceType: string;
  readonly sourceLabel: string;
  /** Where the run stands, judged from all its files and from how long they have been silent. */
  readonly status: RunStatus;
  /** Set while `status` is "stalled": the time of the last write anyone saw. */
  readonly stalledSince?: string;
  readonly manifest: Manifest;
  readonly flow: Flow | null;
  /** run.json with live.json merged over it. */
  readonly run: RunFile;
  readonly live: RunFile | null;
  readonly steps: Log<Step>;
  readonly trace: Log<TraceEvent>;
  readonly sessions: Readonly<Record<string, SessionState>>;
  /** Of an evaluation alone: how its test cases have come out until now. */
  readonly tally?: Tally;
  /** Of a coding session alone: the folder that was worked in. */
  readonly project?: string;
  /** Of a coding session whose beginning is still being read: so many bytes of all. Turns and usage are not whole yet. */
  readonly reading?: { readonly done: number; readonly of: number };
  /** As its files told of them last. */
  readonly planLimits?: readonly PlanLimit[];
  readonly problems: ReadProblems;
}

/** A run's line in the list. */
export interface RunSummary {
  readonly runId: string;
  readonly source: string;
  readonly flowName: string;
  readonly runTitle?: string;
  /** What tells it from others of the same name, in few words: an experiment, a target. */
  readonly label?: string;
  readonly status: RunStatus;
  readonly stalledSince?: string;
  readonly statusDetail?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly updatedAt: string;
  readonly currentNode?: string;
  /** Of an evaluation alone. */
  readonly tally?: Tally;
  /** The folder that was worked in, as the producer tells it. */
  readonly project?: string;
  /** What the run has used, each model answer counted once over all runs; absent while it is not known. */
  readonly usage?: Usage;
  /** What was said or done last, one line of it. */
  readonly lastLine?: string;
  /** The run's folder, or the file it lies in, absolute. */
  readonly path: string;
}

/** All runs, as clients of acpx.replay.v1 get them. */
export interface WholeRuns {
  readonly schema: "acpx.viewer-runs.v2";
  /** Newest first. */
  readonly order: readonly string[];
  readonly runsById: Readonly<Record<string, RunSummary>>;
}

/** The newest this many runs are in the head of the list; they are the first of its `order`. */
export const HEAD_RUNS = 200;

/** The head of the list: the newest runs, and older ones that are going on. */
export interface RunsState extends WholeRuns {
  /** How many runs there are in all. */
  readonly total: number;
  /** Why changes may be noticed late, in words; empty while everything is watched. */
  readonly trouble: readonly string[];
}

/** May this id be a key of the state and a part of a URL? */
export function isSafeId(id: string): boolean {
  return id.length > 0 && id.length <= 200 && /^[\w.~:+@-]+$/.test(id) && !/^\.+$/.test(id) && isSafeKey(id);
}

const LOGS_OF_RUN = ["trace", "steps"];

/**
 * The Revive of a run state: the arrays that are logs become Logs wherever they
 * enter it, in a snapshot or inside a patch. The one cast of a log from the wire.
 */
export function reviveRun(path: readonly string[], value: unknown): unknown {
  const [top, , part] = path;
  if (path.length === 0) return reviveMembers(value, [...LOGS_OF_RUN, "sessions"], path);
  if (path.length === 1 && top !== undefined && LOGS_OF_RUN.includes(top)) return asLog(value);
  if (top !== "sessions") return value;
  if (path.length === 1) return reviveMembers(value, Object.keys(value ?? {}), path);
  if (path.length === 2) return reviveMembers(value, ["events"], path);
  return path.length === 3 && part === "events" ? asLog(value) : value;
}

function reviveMembers(value: unknown, keys: readonly string[], path: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  const members = new Map<string, unknown>(Object.entries(value));
  for (const key of keys) if (members.has(key)) members.set(key, reviveRun([...path, key], members.get(key)));
  return Object.fromEntries(members);
}

/** A log is an array, or its held end: `{from, entries}`. */
function asLog(value: unknown): unknown {
  if (Array.isArray(value)) return Log.from<unknown>(value);
  if (typeof value !== "object" || value === null || !("from" in value && "entries" in value)) return value;
  const { from, entries } = value;
  return typeof from === "number" && Array.isArray(entries) ? Log.tail<unknown>(from, entries) : value;
}
