const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.addEventListener("message", () => waiting.shift()?.());
port1.start();

/**
 * Lets the browser draw and answer before the work goes on. By a message, because
 * timers are held back: a few milliseconds each, and a second each in a page that
 * is not seen.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}

const LONGEST_MS = 10_000;

/** Waits longer after each failure in a row. */
export function pauseAfter(failures: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_MS, 500 * 2 ** failures)));
}
