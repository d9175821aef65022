import { watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";
import { systemClock } from "../../src/clock.ts";

/** The system's events and nothing else: no look of its own while a watch is set up. */
export class BareWatcher {
  /** Every folder that was watched, in order. */
  readonly watched: string[] = [];

  openWide(listener: (path: string) => void) {
    const watches = new Map<string, FSWatcher>();
    return {
      add: (dir: string) => {
        if (watches.has(dir)) return true;
        this.watched.push(dir);
        watches.set(
          dir,
          watch(dir, (_event, name) => listener(name === null ? dir : join(dir, name))),
        );
        return true;
      },
      close: async () => {
        for (const one of watches.values()) one.close();
        watches.clear();
      },
    };
  }
}

/** A clock on which no wait of a second or longer ever ends: nothing sweeps. */
export const impatientClock: Clock = {
  ...systemClock,
  after: (ms, task) => (ms < 1_000 ? systemClock.after(ms, task) : () => undefined),
};
