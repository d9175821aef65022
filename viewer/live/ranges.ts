import * as v from "valibot";
import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import {
  LogOutline,
  LogTimes,
  type LogName,
  SessionRange,
  sessionOf,
  TraceRange,
} from "../../src/protocol/log-ranges.ts";
import type { Part } from "./part.ts";

/** Of which life of which run a part is asked for. */
export interface RunPlace {
  readonly runId: string;
  readonly epoch: string;
}

/** `over`: the epoch has ended, and a snapshot is on its way. */
export type Answer<T> =
  | { readonly kind: "good"; readonly value: T }
  | { readonly kind: "over" }
  | { readonly kind: "failed" };

export type Range =
  | { readonly of: "trace"; readonly from: number; readonly entries: readonly (TraceEvent | null)[] }
  | {
      readonly of: "session";
      readonly id: string;
      readonly from: number;
      readonly entries: readonly (SessionEvent | null)[];
    };

export async function fetchRange(place: RunPlace, { from, log, to }: Part): Promise<Answer<Range>> {
  const id = sessionOf(log);
  const query = { name: log, from: String(from), to: String(to) };
  if (id === null)
    return mapped(await askOfRun(place, "log", query, TraceRange), (range) => ({ of: "trace", ...range }));
  return mapped(await askOfRun(place, "log", query, SessionRange), (range) => ({
    of: "session",
    id,
    ...range,
  }));
}

export function fetchTimes(place: RunPlace, name: LogName): Promise<Answer<LogTimes>> {
  return askOfRun(place, "times", { name }, LogTimes);
}

export function fetchOutline(place: RunPlace, name: LogName, from: number): Promise<Answer<LogOutline>> {
  return askOfRun(place, "outline", { name, from: String(from) }, LogOutline);
}

/** Asks for something of this life of the run. */
export async function askOfRun<Schema extends v.GenericSchema>(
  { epoch, runId }: RunPlace,
  what: string,
  query: Readonly<Record<string, string>>,
  schema: Schema,
  signal: AbortSignal | null = null,
): Promise<Answer<v.InferOutput<Schema>>> {
  const search = new URLSearchParams({ ...query, epoch });
  try {
    const response = await fetch(`/api/runs/${encodeURIComponent(runId)}/${what}?${search}`, { signal });
    if (response.status === 409) return { kind: "over" };
    if (!response.ok) return { kind: "failed" };
    const read = v.safeParse(schema, await response.json());
    return read.success ? { kind: "good", value: read.output } : { kind: "failed" };
  } catch {
    return { kind: "failed" };
  }
}

function mapped<From, To>(answer: Answer<From>, map: (value: From) => To): Answer<To> {
  return answer.kind === "good" ? { kind: "good", value: map(answer.value) } : answer;
}
