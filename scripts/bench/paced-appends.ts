import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { LongRun } from "../demo/long-run.ts";
import { mark } from "./mark.ts";

/** 20 a second, but not to a beat: a server that polls must not be able to fall into step. */
const GAP_MS = 50;
const JITTER_MS = 15;

/** Appends marked events one at a time. Gives their bytes. */
export async function appendPaced(run: LongRun, count: number, gapMs: number = GAP_MS): Promise<number> {
  let dueAt = performance.now();
  let bytes = 0;
  for (let index = 0; index < count; index += 1) {
    dueAt += gapMs + (Math.random() * 2 - 1) * Math.min(JITTER_MS, gapMs / 3);
    await delay(Math.max(0, dueAt - performance.now()));
    bytes += run.appendEvent(mark());
  }
  return bytes;
}
