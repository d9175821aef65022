/** Time as a parameter: the server runs on the real clock, tests turn a crank. */
export interface Clock {
  /** Milliseconds since the epoch, for comparing with time stamps. It can jump when the clock is set. */
  now(): number;
  /** Milliseconds that only ever pass, for every distance in time. */
  passed(): number;
  /** Runs `task` once after `ms`; the function it gives back cancels. A wait never keeps the process alive. */
  after(ms: number, task: () => void): () => void;
}

/** What setTimeout can wait at most; a longer wait would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  passed: () => performance.now(),
  after(ms, task) {
    if (ms <= 0) {
      const soon = setImmediate(task);
      return () => clearImmediate(soon);
    }
    const timer = setTimeout(task, Math.min(ms, LONGEST_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
