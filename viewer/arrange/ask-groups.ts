import * as v from "valibot";
import { type GroupedBy, RunGroups } from "../../src/protocol/run-groups.ts";
import { RunsPortion } from "../../src/protocol/portion.ts";

/** Rejects when the server cannot be asked, or `signal` says stop. */
export async function askGroups(by: GroupedBy, search: string, signal: AbortSignal): Promise<RunGroups> {
  const query = new URLSearchParams({ by });
  if (search !== "") query.set("q", search);
  return v.parse(RunGroups, await jsonOf(`/api/runs/groups?${query}`, signal));
}

export interface RowsAsk {
  readonly by: GroupedBy;
  readonly name: string;
  readonly search: string;
  readonly limit: number;
}

/** The newest runs of a group. */
export async function askRows(
  { by, limit, name, search }: RowsAsk,
  signal: AbortSignal,
): Promise<RunsPortion> {
  const query = new URLSearchParams({ [by]: name, limit: String(limit) });
  if (search !== "") query.set("q", search);
  return v.parse(RunsPortion, await jsonOf(`/api/runs?${query}`, signal));
}

async function jsonOf(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}
