import { performance } from "node:perf_hooks";

/**
 * The time an event was appended, carried in the event's own text, so that a
 * client in any process of this machine can tell how old it is.
 */
export function mark(): string {
  return `<sent ${sharedNow().toFixed(3)}>`;
}

/** How old each marked event in the text is, in milliseconds. */
export function agesIn(text: string): number[] {
  const now = sharedNow();
  return Array.from(text.matchAll(/<sent (\d+\.\d+)>/g), ([, sent]) => now - Number(sent));
}

/** Milliseconds on a clock that all processes read alike, finer than Date. */
function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}
