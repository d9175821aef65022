import type { RunState } from "../protocol/bundle.ts";
import { Log } from "../protocol/log.ts";
import type { Source } from "../sources/source.ts";

/** A run before anything of it has been read. */
export function emptyRun({ type, label }: Source): RunState {
  return {
    schema: "acpx.viewer-run-live.v1",
    sourceType: type,
    sourceLabel: label,
    status: "unknown",
    manifest: { runId: "" },
    flow: null,
    run: {},
    live: null,
    steps: Log.empty(),
    trace: Log.empty(),
    sessions: {},
    problems: { count: 0, listed: [] },
  };
}
