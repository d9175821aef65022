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

export function sameParts(left: readonly Part[], right: readonly Part[]): boolean {
  return (
    left.length === right.length &&
    left.every((part, index) => {
      const other = right[index];
      return part.log === other?.log && part.from === other.from && part.to === other.to;
    })
  );
}
