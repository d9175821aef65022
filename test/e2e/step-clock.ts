import type { Clock } from "../../scripts/demo/clock.ts";

/** Time passes only as somebody waits for it, so a run is written at once. */
export function stepClock(): Clock {
  let now = Date.UTC(2030, 0, 1);
  return {
    now: () => new Date((now += 1)),
    sleep: async (ms) => void (now += ms),
  };
}
