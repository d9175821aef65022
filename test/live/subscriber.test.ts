import assert from "node:assert/strict";
import { test } from "node:test";
import { LAGGING_BYTES, STUCK_MS, Subscriber, type Transport } from "../../src/live/subscriber.ts";
import { Topic } from "../../src/store/topic.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

/** A connection whose network takes only what a test lets it take. */
class SlowTransport implements Transport {
  readonly sent: { from?: number; to?: number; version?: number; type?: string }[] = [];
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

function setUp() {
  const clock = new ManualClock(0);
  const topic = new Topic({
    state: { text: "" },
    wire: {
      encodeSnapshot: ({ version }) => JSON.stringify({ version, filler: "" }),
      encodePatch: ({ fromVersion, toVersion, ops }) =>
        JSON.stringify({ from: fromVersion, to: toVersion, ops }),
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
  subscriber.follow("t", topic, () => undefined);
  for (let index = 0; index < 20; index += 1) grow(LAGGING_BYTES / 4);
  assert.ok(transport.unsentBytes < 2 * LAGGING_BYTES, `${transport.unsentBytes} bytes wait`);
  transport.drain();
  const versions = transport.sent.map(({ version, to }) => version ?? to);
  assert.deepEqual(
    versions,
    Array.from({ length: 21 }, (_, index) => index + 1),
  );
});

test("P17: one that fell behind the kept patches gets a snapshot, once", () => {
  const { topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, () => undefined);
  for (let index = 0; index < 60; index += 1) grow(LAGGING_BYTES / 2);
  transport.drain();
  assert.equal(transport.sent.filter(({ version }) => version !== undefined).length, 2);
  assert.equal(transport.sent.at(-1)?.version ?? transport.sent.at(-1)?.to, topic.version);
});

test("P18: a client that takes nothing is closed; one that takes little by little is not", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, () => undefined);
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
  subscriber.follow("t", topic, () => undefined);
  for (let index = 0; index < 8; index += 1) grow(LAGGING_BYTES / 2);
  for (let index = 0; index < 100_000 && transport.reasons.length === 0; index += 1) {
    subscriber.refuse("protocol_error", "x".repeat(100));
  }
  assert.equal(transport.reasons.length, 1);
  assert.ok(transport.unsentBytes < 8 * LAGGING_BYTES);
});

test("P18: a topic that ends while its client lags leaves no second patience behind", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  subscriber.follow("t", topic, () => subscriber.refuse("run_not_found", "gone"));
  grow(LAGGING_BYTES + 1);
  topic.close();
  transport.drain();
  const other = setUp();
  subscriber.follow("other", other.topic, () => undefined);
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
  subscriber.follow("busy", topic, () => undefined);
  subscriber.follow("other", other.topic, () => undefined);
  transport.drain();
  transport.sent.length = 0;
  for (let index = 0; index < 6; index += 1) grow(LAGGING_BYTES / 2);
  other.grow(7);
  for (let index = 0; index < 6; index += 1) grow(LAGGING_BYTES / 2);
  transport.drain();
  const place = transport.sent.findIndex((message) => JSON.stringify(message).includes('"xxxxxxx"'));
  assert.ok(place !== -1 && place < 6, `the other topic's patch came as number ${place}`);
});

test("two topics of one client do not hold each other up, and leaving one is final", () => {
  const { clock, topic, transport, subscriber, grow } = setUp();
  const other = setUp();
  subscriber.follow("a", topic, () => undefined);
  subscriber.follow("b", other.topic, () => undefined);
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
