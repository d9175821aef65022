import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 5;

/** Until it is so; false when the time is up first. */
export async function untilSo(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > until) return false;
    await delay(LOOK_EVERY_MS);
  }
  return true;
}
