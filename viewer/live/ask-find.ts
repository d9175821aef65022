import type { LogName } from "../../src/protocol/log-ranges.ts";
import { Found } from "../../src/protocol/found.ts";
import { type Answer, askOfRun, type RunPlace } from "./ranges.ts";

export interface FindAsk {
  readonly log: LogName;
  readonly query: string;
  /** Null begins at the log's end. */
  readonly before: number | null;
}

/** Searches one block of a log. When `signal` says stop, what is given means nothing. */
export function askFind(
  place: RunPlace,
  { before, log, query }: FindAsk,
  signal: AbortSignal,
): Promise<Answer<Found>> {
  const from: Record<string, string> = before === null ? {} : { before: String(before) };
  return askOfRun(place, "find", { name: log, q: query, ...from }, Found, signal);
}
