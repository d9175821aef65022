import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import type { Counts } from "../../src/live/run-events.ts";
import { EventNumbers } from "../../src/live/event-numbers.ts";
import { EventRing, frameOf } from "../../src/live/event-ring.ts";
import { LAGGING_BYTES, STUCK_MS } from "../../src/live/subscriber.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { serveStreams } from "../helpers/served-streams.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const START = new Date("2026-01-02T03:04:05.000Z");

/** A run whose events make some megabytes, served by nothing but the streams. */
async function longStream(t: TestContext, attempts: number) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const name = "n".repeat(900);
  const lines: string[] = [];
  for (let seq = 3; seq < 3 + attempts; seq += 1) {
    const at = new Date(START.getTime() + seq).toISOString();
    lines.push(
      JSON.stringify({
        seq,
        at,
        type: "node_started",
        nodeId: `${name}${seq}`,
        attemptId: `${name}${seq}#1`,
      }),
    );
  }
  await run.append("trace.ndjson", `${lines.join("\n")}\n`);
  return { ...(await serveStreams(t, root)), run, last: attempts + 2 };
}

test("E11: who does not read costs half a megabyte, gets all in the end, or is closed", async (t) => {
  const { clock, errors, last, open, port, responses } = await longStream(t, 16_000);
  const url = `http://127.0.0.1:${port}/run-a`;
  const silent = connect(port, "127.0.0.1");
  t.after(() => silent.destroy());
  silent.pause();
  silent.write("GET /run-a HTTP/1.1\r\nHost: x\r\n\r\n");
  while ((responses[0]?.writableLength ?? 0) <= LAGGING_BYTES) await new Promise(setImmediate);
  // It is full now; whatever else would be sent is not.
  const full = responses[0]?.writableLength ?? 0;
  const swift = await EventReader.open(t, url);
  await swift.until("all of it", () => swift.lastId === String(last));
  assert.equal(responses[0]?.writableLength, full);
  assert.ok(full < LAGGING_BYTES + 64 * 1024, `${full} bytes wait`);

  // It reads on, and nothing is missing.
  const parts: string[] = [];
  await new Promise<void>((resolve) => {
    silent.setEncoding("utf8").on("data", (part: string) => {
      const end = `${parts.at(-1) ?? ""}${part}`;
      parts.push(part);
      if (end.includes(`\nid: ${last}\n`)) resolve();
    });
    silent.resume();
  });
  // Without what HTTP puts in between.
  const text = parts.join("").replaceAll(/\r\n[0-9a-f]+\r\n/g, "");
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  assert.deepEqual(
    ids,
    Array.from({ length: last }, (_, at) => at + 1),
  );

  const stuck = connect(port, "127.0.0.1");
  t.after(() => stuck.destroy());
  stuck.pause();
  stuck.write("GET /run-a HTTP/1.1\r\nHost: x\r\n\r\n");
  while ((responses[2]?.writableLength ?? 0) <= LAGGING_BYTES) await new Promise(setImmediate);
  assert.equal(open.count, 3);
  clock.advance(STUCK_MS);
  while (responses[2]?.destroyed !== true) await new Promise(setImmediate);
  swift.close();
  silent.destroy();
  while (open.count > 0) await new Promise(setImmediate);
  assert.equal(clock.waiting, 0, "no timer is left of any of them");
  assert.deepEqual(errors, []);
});

test("E12: a resume near the end of a long run reads little of it", async (t) => {
  const { errors, last, open, port, run } = await longStream(t, 6_000);
  const url = `http://127.0.0.1:${port}/run-a`;
  const first = await EventReader.open(t, url);
  await first.until("all of it", () => first.lastId === String(last));
  first.close();
  assert.ok(open.ranges > 5, "most of it is read from disk, in parts");
  open.ranges = 0;
  const middle = await EventReader.open(t, url, { headers: { "last-event-id": "3000" } });
  await middle.until("what follows", () => middle.frames.length > 0);
  middle.close();
  assert.deepEqual([middle.frames[0]?.id, open.ranges < 6], ["3001", true]);
  open.ranges = 0;
  const next = await EventReader.open(t, url, { headers: { "last-event-id": String(last - 3) } });
  await next.until("the rest", () => next.frames.length === 3);
  await run.appendTrace("node_started", { nodeId: "more", attemptId: "more#1" });
  await next.until("one more", () => next.lastId === String(last + 1));
  assert.equal(open.ranges, 0, "the end of it is held");
  assert.deepEqual(
    next.runEvents.map(({ sequence }) => sequence),
    [last - 2, last - 1, last, last + 1],
  );
  assert.deepEqual(errors, []);
});

test("E15: a minute after its last listener has left the feed holds nothing", async (t) => {
  const root = await tempDir(t);
  const run = new AgentvRun(root, START, "evals/sums.eval.yaml", 3);
  await run.start();
  const { clock, errors, open, port, responses } = await serveStreams(t, root);
  const url = `http://127.0.0.1:${port}/`;
  const first = await EventReader.open(t, url);
  await first.until("the run", () => first.feedEvents.length === 1);
  assert.equal(open.count, 1);
  first.close();
  const second = await EventReader.open(t, url);
  await second.until("the run", () => second.feedEvents.length === 1 && second.lastId !== "");
  assert.equal(open.count, 1, "all listeners share what is open");
  const [, answer] = responses;
  assert.ok(answer !== undefined);
  const left = once(answer, "close");
  second.close();
  await left;
  assert.deepEqual([open.count, clock.waiting], [1, 1], "it may be back in a moment");
  clock.advance(60_000);
  assert.deepEqual([open.count, clock.waiting], [0, 0]);
  const third = await EventReader.open(t, url);
  await third.until("the run", () => third.feedEvents.length === 1 && third.lastId !== "");
  assert.notEqual(third.lastId.split(".")[0], second.lastId.split(".")[0], "another life has other ids");
  assert.deepEqual(errors, []);
});

test("E13: an evaluation that cannot be opened is told of by its counts, and with its results once it can be", async (t) => {
  const root = await tempDir(t);
  const { errors, open, port } = await serveStreams(t, root);
  const reader = await EventReader.open(t, `http://127.0.0.1:${port}/`);
  await reader.until("a place to resume at", () => reader.lastId !== "");
  open.failures = 1;
  const run = new AgentvRun(root, new Date(), "evals/sums.eval.yaml", 2);
  await run.start();
  await reader.until("its counts", () => reader.feedEvents.length === 1);
  assert.deepEqual([reader.feedEvents[0]?.event, errors.length], ["run_updated", 1]);
  for (const id of ["one", "two"])
    await run.result({ id, question: "2 + 2?", answer: "4", score: 1, durationMs: 500 }, new Date());
  await run.finish(new Date());
  await reader.until("its end", () => reader.feedEvents.at(-1)?.event === "run_completed");
  assert.deepEqual(
    reader.feedEvents.slice(1).map(({ data, event }) => [event, data["test_id"] ?? data["done"]]),
    [
      ["run_started", 0],
      ["test_result", "one"],
      ["test_result", "two"],
      ["run_completed", undefined],
    ],
  );
  assert.equal(errors.length, 1);
});

test("E16: of more than 32 evaluations in flight each is told of, the last ones by their counts", async (t) => {
  const root = await tempDir(t);
  const { errors, open, port } = await serveStreams(t, root);
  const reader = await EventReader.open(t, `http://127.0.0.1:${port}/`);
  await reader.until("a place to resume at", () => reader.lastId !== "");
  const now = Date.now();
  const runs = Array.from(
    { length: 34 },
    (_, index) => new AgentvRun(root, new Date(now + index), "evals/sums.eval.yaml", 2),
  );
  for (const run of runs) await run.start();
  await reader.until("each of them", () => reader.feedEvents.length >= runs.length);
  const words = new Map(reader.feedEvents.map(({ data, event }) => [data.run_id, event]));
  assert.equal(words.size, runs.length);
  assert.equal([...words.values()].filter((word) => word === "run_updated").length, 2);
  assert.deepEqual([open.count, errors], [32, []]);
});

test("E15: the ring keeps the latest events, and says which places are gone", () => {
  const ring = new EventRing();
  const event = (index: number) => ({
    event: "run_updated" as const,
    data: { run_id: `run-${index}`, source: "acpx", flow: "f", status: "running" },
  });
  assert.equal(ring.placeOf(ring.idOf(0)), 0);
  for (let index = 1; index <= 2_500; index += 1) ring.push(frameOf(event(index)));
  assert.deepEqual(
    [0, 499, 500, 2_500, 2_501].map((number) => ring.placeOf(ring.idOf(number))),
    [undefined, undefined, 500, 2_500, undefined],
  );
  const runs: string[] = [];
  for (let place = 500; place < ring.newest;) {
    const { number, text } = ring.after(place, 1_000);
    assert.ok(number > place);
    runs.push(...[...text.matchAll(/"run_id":"([^"]+)"/g)].map(([, run = ""]) => run));
    place = number;
  }
  assert.deepEqual(
    runs,
    Array.from({ length: 2_000 }, (_, index) => `run-${index + 501}`),
  );
  const large = { ...event(0), data: { ...event(0).data, title: "t".repeat(700_000) } };
  ring.push(frameOf(large));
  ring.push(frameOf(large));
  assert.deepEqual([ring.has(2_501), ring.has(2_500)], [true, false], "a megabyte at most, one at least");
});

test("E12: places in a long trace are thinned out, and none lies behind what is looked for", () => {
  const numbers = new EventNumbers();
  const none = { completed: 0, passed: 0, failed: 0, planned: null, isSummed: false };
  const rest = { ...none, tokens: null, cost: null, isOver: false };
  const countsAt = (line: number): Counts => ({ ...rest, events: 1 + Math.floor(line / 2) });
  const lines = 128 * 5_000;
  for (let line = 0; line <= lines; line += 128) numbers.note(line, countsAt(line));
  assert.equal(numbers.before(0), undefined);
  for (const sequence of [1, 2, 64, 65, 1_000, 77_777, 320_001, 999_999]) {
    const place = numbers.before(sequence);
    assert.ok(place !== undefined && place.counts.events <= sequence);
    assert.deepEqual(place.counts, countsAt(place.line));
    assert.ok(sequence - place.counts.events <= 512 || place.line > lines - 1_024, `near ${sequence}`);
  }
});
