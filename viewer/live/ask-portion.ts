import * as v from "valibot";
import { RunsPortion } from "../../src/protocol/portion.ts";

export interface PortionAsk {
  /** Words to be found; none finds every run. */
  readonly search: string;
  readonly limit: number;
  /** The run to go on after; null begins with the newest. */
  readonly after: string | null;
}

/** Null: there is no such run to go on after. Rejects when the server cannot be asked, or `signal` says stop. */
export type AskPortion = (ask: PortionAsk, signal: AbortSignal) => Promise<RunsPortion | null>;

export const askPortion: AskPortion = async ({ after, limit, search }, signal) => {
  const query = new URLSearchParams({ limit: String(limit) });
  if (search !== "") query.set("q", search);
  if (after !== null) query.set("after", after);
  const response = await fetch(`/api/runs?${query}`, { signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return v.parse(RunsPortion, await response.json());
};
