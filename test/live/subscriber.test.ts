import assert from "node:assert/strict";
import { test } from "node:test";
import { LAGGING_BYTES, STUCK_MS, Subscriber, type Transport } from "../../src/live/subscriber.ts";
import { Topic } from "../../src/store/topic.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

/** A connection whose network takes only what a test lets it take. */
class SlowTransport implements Transport {
  readonly sent: { from?: number; to?: number; version?: number; type?: string; reason?: string }[] = [];
  readonly #waiting: { bytes: number; taken: () => void }[] = [];
  unsentBytes = 0;
  readonly reasons: string[] = [];

  send(bytes: Buffer, taken: () => void): void {
    this.sent.push(JSON.parse(bytes.toString()));
    this.unsentBytes += bytes.length;
    this.#waiting.push({ bytes: bytes.length, taken });
  }

  close(reason: string): void {
    this.reasons.push(reason);
  }

  /** The network takes everything that waits, and what that lets follow. */
  drain(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.unsentBytes -= next.bytes;
      next.taken();
    }
  }
}

const IGNORED = { ended: () => undefined };

function setUp() {
  const clock = new ManualClock(0);
  const topic = new Topic({
    state: { text: "" },
    wire: {
      tellsReason: true,
      joins: true,
      encodeSnapshot: ({ version, reason }) => JSON.stringify({ version, reason, filler: "" }),
      frameOf: ({ from, to }) => [`{"from":${from},"to":${to},"ops":[`, "]}"],
      encodeOps: (ops) => JSON.stringify(ops).slice(1, -1),
    },
    clock,
    onError: (error) => assert.fail(String(error)),
  });
  const transport = new SlowTransport();
  const subscriber = new Subscriber(transport, clock);
  const grow = (bytes: number) => {
    topic.apply([{ op: "append", path: "/text", value: "x".repeat(bytes) }]);
    topic.flush();
  };
  return { clock, topic, transport, subscriber, grow };
}

test("P17: past its limit a client is handed nothing more, and later all it missed, in order", () => {
  const { topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, IGNORED);
  for (let index = 0; index < 20; index += 1) grow(LAGGING_BYTES / 12);
  assert.ok(transport.unsentBytes < 2 * LAGGING_BYTES, `${transport.unsentBytes} bytes wait`);
  transport.drain();
  const [first, ...patches] = transport.sent;
  assert.equal(first?.version, 1);
  let held = 1;
  for (const { from, to } of patches) {
    assert.equal(from, held);
    held = to ?? 0;
  }
  assert.equal(held, topic.version);
  const merged = patches.filter(({ from, to }) => (to ?? 0) - (from ?? 0) > 1);
  assert.equal(merged.length, 1, "what was missed comes at once");
});

test("P20: a client goes on at the place it held; it is told so, and gets what it missed as one patch", () => {
  const { topic, transport, subscriber, grow } = setUp();
  grow(1);
  const place = { epoch: topic.epoch, version: topic.version };
  grow(2);
  grow(3);
  const resumed = ({ epoch, version }: typeof place) => ({ type: "runs_resumed" as const, epoch, version });
  subscriber.follow("t", topic, { ...IGNORED, place, resumed });
  transport.drain();
  assert.deepEqual(
    transport.sent.map(({ type, from, to }) => [type, from, to]),
    [
      ["runs_resumed", undefined, undefined],
      [undefined, place.version, topic.version],
    ],
  );
});

test("P21: a place that does not fit is answered by a snapshot that says why", () => {
  for (const [place, reason] of [
    [{ epoch: "other", version: 1 }, "new_epoch"],
    [{ epoch: "", version: 9 }, "first"],
    [{ epoch: undefined, version: 99 }, "client_ahead"],
  ] as const) {
    const { topic, transport, subscriber } = setUp();
    const resumed = () => assert.fail("nothing is resumed");
    subscriber.follow("t", topic, {
      ...IGNORED,
      place: { epoch: place.epoch ?? topic.epoch, version: place.version },
      resumed,
    });
    assert.deepEqual(
      transport.sent.map((message) => message.reason),
      [reason],
    );
  }
});

test("P17: one that fell behind the kept patches gets a snapshot, once", () => {
  const { topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, IGNORED);
  for (let index = 0; index < 60; index += 1) grow(LAGGING_BYTES / 2);
  transport.drain();
  assert.equal(transport.sent.filter(({ version }) => version !== undefined).length, 2);
  assert.equal(transport.sent.at(-1)?.version ?? transport.sent.at(-1)?.to, topic.version);
});

test("P18: a client that takes nothing is closed; one that takes little by little is not", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, IGNORED);
  for (let index = 0; index < 8; index += 1) grow(LAGGING_BYTES / 2);
  clock.advance(STUCK_MS - 1);
  assert.deepEqual(transport.reasons, []);
  transport.unsentBytes -= 10;
  clock.advance(STUCK_MS - 1);
  assert.deepEqual(transport.reasons, [], "it took something");
  clock.advance(STUCK_MS);
  assert.deepEqual(transport.reasons, ["Nothing was read for 30 s."]);
});

test("P18: one that asks and asks without reading is closed", () => {
  const { topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, IGNORED);
  for (let index = 0; index < 8; index += 1) grow(LAGGING_BYTES / 2);
  for (let index = 0; index < 100_000 && transport.reasons.length === 0; index += 1) {
    subscriber.refuse("protocol_error", "x".repeat(100));
  }
  assert.equal(transport.reasons.length, 1);
  assert.ok(transport.unsentBytes < 8 * LAGGING_BYTES);
});

test("P18: a topic that ends while its client lags leaves no second patience behind", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, { ended: () => subscriber.refuse("run_not_found", "gone") });
  grow(LAGGING_BYTES + 1);
  topic.close();
  transport.drain();
  const other = setUp();
  subscriber.follow("other", other.topic, IGNORED);
  clock.advance(3 * STUCK_MS);
  other.grow(1);
  transport.drain();
  assert.deepEqual(transport.reasons, []);
  assert.equal(transport.sent.at(-1)?.to, 2);
});

test("P18: so is one that never subscribed to anything", () => {
  const { transport, subscriber } = setUp();
  for (let index = 0; index < 100_000 && transport.reasons.length === 0; index += 1) {
    subscriber.refuse("protocol_error", "x".repeat(100));
  }
  assert.equal(transport.reasons.length, 1);
  assert.ok(transport.unsentBytes < 8 * LAGGING_BYTES);
});

test("P17: a busy topic does not keep another of the same client from its turn", () => {
  const { topic, transport, subscriber, grow } = setUp();
  const other = setUp();
  subscriber.follow("busy", topic, IGNORED);
  subscriber.follow("other", other.topic, IGNORED);
  transport.drain();
  transport.sent.length = 0;
  for (let index = 0; index < 6; index += 1) grow(LAGGING_BYTES / 4);
  other.grow(7);
  for (let index = 0; index < 6; index += 1) grow(LAGGING_BYTES / 4);
  transport.drain();
  const place = transport.sent.findIndex((message) => JSON.stringify(message).includes('"xxxxxxx"'));
  assert.ok(place !== -1 && place < 6, `the other topic's patch came as number ${place}`);
});

test("two topics of one client do not hold each other up, and leaving one is final", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  const other = setUp();
  subscriber.follow("a", topic, IGNORED);
  subscriber.follow("b", other.topic, IGNORED);
  transport.drain();
  transport.sent.length = 0;
  grow(1);
  other.grow(1);
  assert.equal(transport.sent.length, 2);
  subscriber.leave("a");
  grow(1);
  assert.equal(transport.sent.length, 2);
  subscriber.close();
  other.grow(1);
  assert.equal(transport.sent.length, 2);
  assert.equal(clock.waiting, 1, "only the topic's own open patch waits");
});
