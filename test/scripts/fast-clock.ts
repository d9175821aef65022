import type { Clock } from "../../scripts/demo/clock.ts";

/** A clock whose time passes only by sleeping, and sleeping takes none. `onSleep` gets the count of sleeps so far. */
export function fastClock(onSleep: (count: number) => void = () => undefined): Clock {
  let now = Date.UTC(2030, 0, 1);
  let sleeps = 0;
  return {
    now: () => new Date(now),
    async sleep(ms) {
      now += ms;
      sleeps += 1;
      onSleep(sleeps);
    },
  };
}
