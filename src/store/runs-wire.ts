import type { LiveProtocol } from "../protocol/version.ts";
import { plainPatches } from "./run-wire.ts";
import type { Wire } from "./topic.ts";

/** How a list of runs goes over the wire: lines of it are short, and change seldom. */
export function runsWire<State>(protocol: LiveProtocol): Wire<State> {
  const isOurs = protocol === "runreel.live.v1";
  return {
    tellsReason: isOurs,
    joins: isOurs,
    encodeSnapshot: (snapshot) => JSON.stringify({ type: "runs_snapshot", ...snapshot }),
    ...plainPatches("runs_patch", {}),
  };
}
