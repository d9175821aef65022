import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { LongRun } from "../demo/long-run.ts";
import type { Watcher } from "./targets.ts";

/** 20 a second, but not to a beat: a server that polls must not be able to fall into step. */
const GAP_MS = 50;
const JITTER_MS = 15;
/** How long the last events may take; what comes later counts as not seen. */
const GRACE_MS = 3_000;

export interface AppendFigures {
  readonly appended: number;
  readonly appendedBytes: number;
  /** How long the appending took. */
  readonly elapsedMs: number;
  /** Append to client, for each event a client saw. */
  readonly latencies: readonly number[];
  /** How many of appended events times clients that was out of. */
  readonly expected: number;
}

/**
 * Appends events one at a time and times each until every watcher has it. Both
 * times are taken in this process; an event is known by a mark in its text.
 */
export async function appendPaced(
  run: LongRun,
  count: number,
  watchers: readonly Watcher[],
  afterLast: () => Promise<void> = async () => undefined,
): Promise<AppendFigures> {
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const expected = count * watchers.length;
  const allSeen = new AbortController();
  for (const watcher of watchers) {
    watcher.onText((text) => {
      const now = performance.now();
      for (const match of text.matchAll(/<mark (\d+)>/g)) {
        const sent = sentAt[Number(match[1])];
        if (sent !== undefined) latencies.push(now - sent);
      }
      if (latencies.length >= expected) allSeen.abort();
    });
  }

  const beganAt = performance.now();
  let dueAt = beganAt;
  let appendedBytes = 0;
  for (let index = 0; index < count; index += 1) {
    dueAt += GAP_MS + (Math.random() * 2 - 1) * JITTER_MS;
    await delay(Math.max(0, dueAt - performance.now()));
    sentAt[index] = performance.now();
    appendedBytes += run.appendEvent(`<mark ${index}> `);
  }
  const elapsedMs = performance.now() - beganAt;
  await afterLast();
  if (!allSeen.signal.aborted) {
    await delay(GRACE_MS, undefined, { signal: allSeen.signal }).catch((error: unknown) => {
      if (!allSeen.signal.aborted) throw error;
    });
  }
  return { appended: count, appendedBytes, elapsedMs, latencies, expected };
}
