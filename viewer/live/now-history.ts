import { UsageHistory } from "../../src/protocol/now.ts";
import { askServer } from "./ask-server.ts";
import { readJson } from "./now-records.ts";

/** Null where it does not come. Both dates are of the zone, and both are in it. */
export async function askHistory(zone: string, from: string, to: string): Promise<UsageHistory | null> {
  const reply = await askServer(`/api/usage?${queryOf(zone, from, to)}`);
  return reply.kind === "message" ? readJson(UsageHistory, reply.text) : null;
}

/** The same as CSV. */
export function csvAddress(zone: string, from: string, to: string): string {
  return `/api/usage.csv?${queryOf(zone, from, to)}`;
}

function queryOf(tz: string, from: string, to: string): URLSearchParams {
  return new URLSearchParams({ tz, from, to });
}
