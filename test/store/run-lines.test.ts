import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import type { Glance } from "../../src/sources/source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunLines } from "../../src/store/run-lines.ts";
import { RunList } from "../../src/store/run-list.ts";
import { FileSource } from "../helpers/file-source.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const MINUTE = 60_000;

/** An active run that may be silent for so long and has been for so long: how often it was glanced at in 40 seconds. */
async function looksAt(silenceMs: number, silentFor: number): Promise<number> {
  const clock = new ManualClock(Date.now());
  const onError = assert.ifError;
  const list = new RunList(clock, onError);
  const watcher = new Watcher(() => undefined, clock);
  const lines = new RunLines({ list, clock, watcher, onError });
  const startedAt = new Date(clock.now()).toISOString();
  const summary = { runId: "a", source: "files", flowName: "a", startedAt, updatedAt: startedAt, path: "/a" };
  const glance: Glance = {
    summary: { ...summary, status: "running" },
    pulse: { status: "running", silenceMs, lastWriteAt: clock.now() - silentFor },
    stamp: "",
    folders: [],
  };
  let looks = 0;
  const glancer = {
    async read() {
      looks += 1;
      return glance;
    },
  };
  const source = new FileSource();
  lines.admit([{ entry: { id: "a", place: "/a", source, stamp: "", awake: undefined }, glancer, glance }]);
  lines.start();
  for (let second = 0; second < 40; second += 1) {
    clock.advance(1_000);
    await turn();
  }
  await lines.close();
  list.close();
  return looks;
}

test("a run is left to itself ten minutes after it stalled, and not while its silence is allowed", async () => {
  assert.ok((await looksAt(MINUTE, 12 * MINUTE)) <= 2, "stalled long ago");
  assert.ok((await looksAt(MINUTE, 5 * MINUTE)) >= 5, "stalled just now");
  assert.ok((await looksAt(30 * MINUTE, 12 * MINUTE)) >= 5, "its tests take as long");
  assert.ok((await looksAt(30 * MINUTE, 39 * MINUTE)) >= 5, "stalled a little while ago");
  assert.ok((await looksAt(30 * MINUTE, 41 * MINUTE)) <= 2, "stalled long ago");
});

/** A run that stands so until a time, and ended after it: its status at each second. */
async function statusesOf(
  status: "running" | "waiting" | "idle",
  forMs: number,
): Promise<(string | undefined)[]> {
  const clock = new ManualClock(Date.now());
  const onError = assert.ifError;
  const list = new RunList(clock, onError);
  const watcher = new Watcher(() => undefined, clock);
  const lines = new RunLines({ list, clock, watcher, onError });
  const lastWriteAt = clock.now();
  const changesAt = lastWriteAt + forMs;
  const startedAt = new Date(lastWriteAt).toISOString();
  const summary = { runId: "a", source: "files", flowName: "a", startedAt, updatedAt: startedAt, path: "/a" };
  const glanceNow = (): Glance => {
    const isOver = clock.now() >= changesAt;
    const now = isOver ? "ended" : status;
    const silenceMs = now === "running" ? 10 * MINUTE : null;
    const pulse = { status: now, silenceMs, lastWriteAt, ...(isOver ? {} : { changesAt }) } as const;
    return { summary: { ...summary, status: now }, pulse, stamp: "", folders: [] };
  };
  const glancer = { read: async () => glanceNow() };
  const source = new FileSource();
  source.glancer = () => ({ read: async () => glanceNow() });
  source.stampOf = async () => "";
  const entry = { id: "a", place: "/a", source, stamp: "", awake: undefined };
  lines.admit([{ entry, glancer, glance: glanceNow() }]);
  lines.start();
  const statuses: (string | undefined)[] = [];
  for (let second = 0; second < 10; second += 1) {
    statuses.push(list.find("a")?.status);
    for (let part = 0; part < 4; part += 1) {
      clock.advance(250);
      for (let turns = 0; turns < 5; turns += 1) await turn();
    }
  }
  await lines.close();
  list.close();
  return statuses;
}

test("what time alone changes is found soon after, whether the run is active or rests", async () => {
  for (const status of ["running", "waiting", "idle"] as const) {
    const statuses = await statusesOf(status, 3_000);
    assert.deepEqual(statuses.slice(0, 3), [status, status, status]);
    assert.deepEqual(statuses.slice(6), ["ended", "ended", "ended", "ended"], status);
  }
});
