import { type Clock, realClock } from "../demo/clock.ts";

/** As long as a timer can be. */
const FOR_EVER_MS = 2 ** 31 - 1;

/** A clock of its own, on which sleeping takes no time. */
export function quickClock(from: number): Clock {
  let now = from;
  return {
    now: () => new Date(now),
    async sleep(ms) {
      now += ms;
    },
  };
}

/**
 * Begins so long ago, and is quick until it has come to now. The pause that leads
 * beyond it is the rest: it lasts `wakesAfterMs`, or else to the end.
 */
export function restingClock(
  agoMs: number,
  signal: AbortSignal,
  wakesAfterMs: number | null,
): { readonly clock: Clock; readonly resting: Promise<void> } {
  let now = Date.now() - agoMs;
  let rested: () => void = () => undefined;
  const resting = new Promise<void>((resolve) => (rested = resolve));
  const clock: Clock = {
    now: () => new Date(now),
    async sleep(ms) {
      if (now + ms <= Date.now()) {
        now += ms;
        return;
      }
      rested();
      await realClock.sleep(wakesAfterMs === null ? FOR_EVER_MS : Math.min(ms, wakesAfterMs), signal);
      now = Date.now();
    },
  };
  return { clock, resting };
}
