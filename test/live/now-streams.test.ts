import assert from "node:assert/strict";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { BURN_EVERY_MS } from "../../src/live/now-streams.ts";
import { LAGGING_BYTES, STUCK_MS } from "../../src/live/subscriber.ts";
import { Burn, NOW_FRAMES, Ready } from "../../src/protocol/now.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { EventReader, type Frame } from "../helpers/event-reader.ts";
import { madeMark, serveNow } from "../helpers/served-now.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";

const Message = v.object({
  type: v.string(),
  ts: v.pipe(v.string(), v.isoTimestamp()),
  payload: v.unknown(),
});

function messageOf({ data }: Frame) {
  return v.parse(Message, JSON.parse(data ?? ""));
}

function named(reader: EventReader, event: string): Frame[] {
  return reader.frames.filter((frame) => frame.event === event);
}

/** Its ids are all that the mark frames of `reader` say. */
function marksOf(reader: EventReader): string[] {
  return named(reader, "mark").map((frame) => v.parse(NOW_FRAMES.mark, messageOf(frame).payload).id);
}

function open(t: TestContext, url: string, lastId?: string) {
  return EventReader.open(t, `${url}/api/live/stream`, {
    headers: lastId === undefined ? {} : { "last-event-id": lastId },
  });
}

test("a stream says that it is ready, ticks, and tells each record once", async (t) => {
  const { url, clock, feed } = await serveNow(t);
  feed.tell([madeMark(1)]);
  const reader = await open(t, url);
  assert.equal(reader.headers["content-type"], "text/event-stream");
  await reader.until("the first tick", () => named(reader, "burn_tick").length === 1);
  const [ready] = named(reader, "ready");
  assert.ok(ready !== undefined);
  const said = v.parse(Ready, messageOf(ready).payload);
  assert.deepEqual([said.resumed, said.burn_interval_seconds], [null, 5]);
  assert.equal(ready.id, undefined);
  for (let tick = 2; tick <= 4; tick += 1) {
    clock.advance(BURN_EVERY_MS - 1);
    feed.tell([madeMark(tick)]);
    await reader.until("the record", () => marksOf(reader).length === tick - 1);
    assert.equal(named(reader, "burn_tick").length, tick - 1);
    clock.advance(1);
    await reader.until("a tick", () => named(reader, "burn_tick").length === tick);
  }
  assert.deepEqual(marksOf(reader), ["mark-2", "mark-3", "mark-4"]);
  assert.equal(named(reader, "ready").length, 1);
  for (const tick of named(reader, "burn_tick")) {
    v.parse(Burn, messageOf(tick).payload);
    assert.equal(tick.id, undefined);
  }
  assert.match(reader.text, /^: heartbeat$/m);
});

test("whoever comes back goes on right after what it had: nothing is lost, nothing told twice", async (t) => {
  const { url, feed, streams } = await serveNow(t);
  let told = 0;
  const steps = fc.array(fc.record({ count: fc.nat(5), drops: fc.boolean(), whileAway: fc.nat(5) }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const first = told + 1;
      const got: string[] = [];
      let reader = await open(t, url);
      await reader.until("ready", () => named(reader, "burn_tick").length === 1);
      const tell = (count: number) => {
        for (let index = 0; index < count; index += 1) feed.tell([madeMark((told += 1))]);
      };
      for (const { count, drops, whileAway } of plan) {
        tell(count);
        if (!drops) continue;
        // Wherever it was cut off, what it has is what it goes on after.
        reader.close();
        got.push(...marksOf(reader));
        const { lastId } = reader;
        tell(whileAway);
        reader = await open(t, url, lastId);
        await reader.until("ready", () => named(reader, "burn_tick").length === 1);
        const [ready] = named(reader, "ready");
        assert.equal(v.parse(Ready, messageOf(ready ?? NO_FRAME).payload).resumed, true);
      }
      tell(1);
      const last = `mark-${told}`;
      await reader.until("the last one", () => marksOf(reader).at(-1) === last);
      got.push(...marksOf(reader));
      assert.deepEqual(
        got,
        Array.from({ length: told - first + 1 }, (_, index) => `mark-${first + index}`),
      );
      reader.close();
      await until(() => streams.listening === 0, String);
    }),
    { numRuns: 25 },
  );
});

test("an id that is not held any more is said, and it begins with what is new", async (t) => {
  const { url, feed } = await serveNow(t);
  const ids = ["00000000.0", "nonsense", feed.ring.idOf(0)];
  for (let number = 1; number <= 2_001; number += 1) feed.tell([madeMark(number)]);
  for (const [index, id] of ids.entries()) {
    const reader = await EventReader.open(t, `${url}/api/live/stream?lastEventId=${id}`);
    feed.tell([madeMark(3_000 + index)]);
    await reader.until("what is new", () => marksOf(reader).length === 1);
    const [ready] = named(reader, "ready");
    assert.match(ready?.data ?? "", /"resumed":false/);
    assert.deepEqual(marksOf(reader), [`mark-${3_000 + index}`]);
    reader.close();
  }
});

test("a reader that leaves leaves nothing behind", async (t) => {
  const { url, clock, streams, feed } = await serveNow(t);
  const before = clock.waiting;
  const readers = await Promise.all(Array.from({ length: 5 }, () => open(t, url)));
  for (const reader of readers) await reader.until("ready", () => named(reader, "ready").length === 1);
  assert.equal(streams.listening, 5);
  for (const reader of readers) reader.close();
  await until(() => streams.listening === 0, String);
  feed.tell([madeMark(1)]);
  // The one that is left is what follows flows, for a while.
  assert.equal(clock.waiting, before + 1);
  clock.advance(60_000);
  assert.equal(clock.waiting, before);
});

test("a reader that takes nothing is bounded, and then closed", async (t) => {
  const { port, clock, streams, feed, responses } = await serveNow(t);
  const raw = connect(port, "127.0.0.1");
  t.after(() => raw.destroy());
  raw.pause();
  raw.write("GET /api/live/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => streams.listening === 1, String);
  const large = "x".repeat(200_000);
  for (let number = 1; number <= 100; number += 1) {
    feed.tell([madeMark(number, large)]);
    await new Promise((resolve) => setImmediate(resolve));
    const [response] = responses;
    assert.ok(response !== undefined && response.writableLength < LAGGING_BYTES + 2 * large.length);
  }
  for (let turn = 0; turn < 3; turn += 1) clock.advance(STUCK_MS);
  await until(() => streams.listening === 0, String);
});

/** A session's line about a tool call. */
function callLine(seq: number, update: Record<string, unknown>, at = Date.now()): string {
  const message = { jsonrpc: "2.0", method: "session/update", params: { sessionId: "s", update } };
  return `${JSON.stringify({ seq, at: new Date(at).toISOString(), direction: "inbound", message })}\n`;
}

function begins(id: string) {
  return {
    sessionUpdate: "tool_call",
    toolCallId: id,
    title: `run ${id}`,
    kind: "execute",
    status: "pending",
    locations: [{ path: "/a.ts" }],
  };
}

function ends(id: string, status = "completed") {
  return { sessionUpdate: "tool_call_update", toolCallId: id, status, rawOutput: "four" };
}

test("flows and evaluations are followed while somebody listens, from then on", async (t) => {
  const root = await tempDir(t);
  const now = Date.now();
  const flow = await new AcpxRun(root, "run-a", new Date(now - 3_000).toISOString()).begin();
  await flow.append(flow.eventsFile, callLine(1, begins("old"), now - 2_000));
  const { url, catalog, clock, streams, errors } = await serveNow(t, { root });
  assert.ok(catalog.find("run-a") !== undefined);
  const reader = await open(t, url);
  const told = () =>
    reader.frames.flatMap((frame) => {
      if (frame.event !== "tool_call" && frame.event !== "tool_result" && frame.event !== "test_result")
        return [];
      const payload = v.parse(NOW_FRAMES[frame.event], messageOf(frame).payload);
      return [`${frame.event} ${payload.id} ${"test" in payload ? payload.state : payload.status}`];
    });
  await reader.until("ready", () => named(reader, "ready").length === 1);
  // Its end is news, its beginning was none. An update that ends nothing is no record.
  const busy = { ...ends("old", "in_progress") };
  const lines = [busy, ends("old"), ends("old"), begins("one"), { ...ends("one", "failed") }];
  await flow.append(flow.eventsFile, lines.map((update, index) => callLine(2 + index, update)).join(""));
  await reader.until("the calls", () => told().length === 3);
  const inFlow = `run-a/${flow.sessionId}`;
  assert.deepEqual(told(), [
    `tool_result ${inFlow}/old ok`,
    `tool_call ${inFlow}/one running`,
    `tool_result ${inFlow}/one error`,
  ]);
  const [end] = named(reader, "tool_result");
  const { duration, byte_count } = v.parse(NOW_FRAMES.tool_result, messageOf(end ?? NO_FRAME).payload);
  assert.ok(duration !== null && duration >= 2);
  assert.equal(byte_count, 4);

  const run = new AgentvRun(root, new Date(), "evals/sums.eval.yaml", 2);
  await run.start();
  await until(() => catalog.find(run.runId) !== undefined, String);
  const common = {
    question: "2 + 2?",
    answer: "4",
    durationMs: 1_500,
    costUsd: 0.25,
    tokens: [10, 5] as const,
  };
  await run.result({ ...common, id: "adds", score: 1, tokens: [10, 5] }, new Date());
  await reader.until("the result", () => named(reader, "test_result").length === 1);
  await run.result({ ...common, id: "divides", score: 0, tokens: [10, 5] }, new Date());
  await reader.until("the other", () => named(reader, "test_result").length === 2);
  await run.finish(new Date());
  await until(() => catalog.find(run.runId)?.status === "completed", String);
  const results = named(reader, "test_result").map((frame) =>
    v.parse(NOW_FRAMES.test_result, messageOf(frame).payload),
  );
  assert.deepEqual(
    results.map(({ run_id, test: name, score, duration: took, cost_usd }) => [
      run_id,
      name,
      score,
      took,
      cost_usd,
    ]),
    [
      [run.runId, "adds", 1, 1.5, 0.25],
      [run.runId, "divides", 0, 1.5, 0.25],
    ],
  );
  reader.close();
  await until(() => streams.listening === 0, String);
  clock.advance(60_000);
  assert.equal(clock.waiting, 0);
  assert.deepEqual(errors, []);
});

const NO_FRAME: Frame = { id: undefined, event: undefined, data: undefined };
