import type { TraceEvent } from "../../src/protocol/bundle.ts";
import type { Log } from "../../src/protocol/log.ts";

export function linesOf(trace: Log<TraceEvent>): (TraceEvent | undefined)[] {
  return Array.from({ length: trace.length }, (_, line) => trace.at(line));
}

/** The lines that tell how it went, and not what there is to open of it. */
export function withoutFiles(trace: Log<TraceEvent>): (TraceEvent | undefined)[] {
  return linesOf(trace).filter((line) => line?.type !== "test_files");
}
