import { Log } from "../../src/protocol/log.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";

/** Lines of a log that something shown rests on. */
export interface Part {
  readonly log: LogName;
  readonly from: number;
  readonly to: number;
}

export function* pagesOf({ from, to }: Part): Generator<number> {
  for (let page = Math.floor(Math.max(0, from) / Log.PAGE); page * Log.PAGE < to; page += 1) yield page;
}
