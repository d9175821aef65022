import type { Wire } from "./topic.ts";

/** How a list of runs goes over the wire. */
export function runsWire<State>(): Wire<State> {
  return {
    encodeSnapshot: (snapshot) => JSON.stringify({ type: "runs_snapshot", ...snapshot }),
    encodePatch: (patch) => JSON.stringify({ type: "runs_patch", ...patch }),
  };
}
