import assert from "node:assert/strict";
import { test } from "node:test";
import type { PatchOp } from "../../src/protocol/patch.ts";
import { plainPatches } from "../../src/store/run-wire.ts";
import { Topic, type Wire } from "../../src/store/topic.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

interface State {
  readonly text: string;
}

function topic(encoded: string[] = []) {
  const clock = new ManualClock(0);
  const plain = plainPatches("patch", {});
  const wire: Wire<State> = {
    ...plain,
    tellsReason: true,
    joins: true,
    encodeSnapshot: (snapshot) => JSON.stringify(snapshot),
    encodeOps(ops) {
      const text = plain.encodeOps(ops);
      encoded.push(text);
      return text;
    },
  };
  const errors: unknown[] = [];
  const made = new Topic<State>({ state: { text: "" }, wire, clock, onError: (error) => errors.push(error) });
  return { clock, topic: made, encoded, errors };
}

const say = (value: string): PatchOp[] => [{ op: "append", path: "/text", value }];

test("P7, P13: what is applied together leaves as one patch, encoded once, whoever asks for it", () => {
  const { clock, topic: made, encoded } = topic();
  const { epoch, version } = made;
  made.apply(say("a"));
  made.apply(say("b"));
  clock.advance(50);
  const next = made.next(epoch, version);
  assert.ok(next.kind === "patch");
  assert.equal(next.patch.from, version);
  assert.equal(next.patch.to, version + 1);
  assert.deepEqual(made.next(epoch, version), next);
  assert.equal(encoded.length, 1);
  assert.deepEqual(JSON.parse(next.patch.bytes.toString()).ops, [...say("a"), ...say("b")]);
  assert.equal(made.next(epoch, version + 1).kind, "nothing");
});

test("P6: a snapshot holds what was applied up to that moment, and is encoded once a version", () => {
  const { topic: made } = topic();
  made.apply(say("a"));
  const snapshot = made.snapshot();
  assert.ok(snapshot !== undefined);
  assert.equal(JSON.parse(snapshot.bytes.toString()).state.text, "a");
  assert.equal(snapshot.version, made.version);
  assert.equal(made.snapshot(), snapshot);
  assert.equal(made.next(snapshot.epoch, snapshot.version).kind, "nothing");
  made.apply(say("b"));
  assert.notEqual(made.snapshot(), snapshot);
});

test("P8: taking a snapshot moves no version when nothing waits", () => {
  const { topic: made } = topic();
  const before = made.version;
  for (let index = 0; index < 10; index += 1) made.snapshot();
  assert.equal(made.version, before);
});

test("P10: after a restart no earlier version fits", () => {
  const { topic: made } = topic();
  made.apply(say("a"));
  const old = made.snapshot();
  assert.ok(old !== undefined);
  made.restart({ text: "other" });
  assert.notEqual(made.epoch, old.epoch);
  assert.equal(made.next(old.epoch, old.version).kind, "snapshot");
  assert.equal(made.next(made.epoch, 99).kind, "snapshot", "a version nobody ever had");
});

test("P11: nothing changed, nothing to send", () => {
  const { clock, topic: made, encoded } = topic();
  made.flush();
  clock.advance(10_000);
  assert.deepEqual(encoded, []);
  assert.equal(clock.waiting, 0);
});

test("P17: old patches are dropped by size; whoever is behind them gets a snapshot", () => {
  const { topic: made } = topic();
  const { epoch, version } = made;
  const big = "x".repeat(1024 * 1024);
  for (let index = 0; index < 8; index += 1) {
    made.apply(say(big));
    made.flush();
  }
  assert.equal(made.next(epoch, version).kind, "snapshot");
  assert.equal(made.next(epoch, version + 7).kind, "patch");
  made.apply(say("x".repeat(8 * 1024 * 1024)));
  made.flush();
  assert.equal(made.next(epoch, made.version - 1).kind, "patch", "the latest one is always kept");
});

test("an op that fails leaves the topic as it was", () => {
  const { topic: made } = topic();
  assert.throws(() => made.apply([{ op: "remove", path: "/nothing" }]));
  assert.deepEqual(made.state, { text: "" });
  made.flush();
  assert.equal(made.version, 1);
});

test("listeners hear every version, a restart and the end", () => {
  const { topic: made } = topic();
  let heard = 0;
  const stop = made.onChange(() => (heard += 1));
  made.apply(say("a"));
  made.flush();
  made.restart({ text: "" });
  assert.equal(heard, 2);
  stop();
  made.apply(say("a"));
  made.flush();
  assert.equal(heard, 2);
  made.onChange(() => (heard += 1));
  made.close();
  assert.equal(heard, 3);
  assert.equal(made.next(made.epoch, made.version).kind, "ended");
});

test("a state that can no longer be encoded ends its topic, and nothing else", () => {
  const errors: unknown[] = [];
  const refuse = () => {
    throw new RangeError("Invalid string length");
  };
  const made = new Topic<State>({
    state: { text: "" },
    wire: { ...plainPatches("patch", {}), tellsReason: false, joins: false, encodeSnapshot: refuse },
    clock: new ManualClock(0),
    onError: (error) => errors.push(error),
  });
  let told = 0;
  made.onChange(() => (told += 1));
  assert.equal(made.snapshot(), undefined);
  assert.deepEqual(made.next(made.epoch, made.version), { kind: "ended", why: "too_large" });
  assert.equal(made.hasEnded, true);
  assert.deepEqual([errors.length, told], [1, 1]);
});

test("P17, P20: who is several versions behind gets them as one patch, made once for all", () => {
  const { clock, topic: made } = topic();
  const { epoch, version } = made;
  for (const text of ["a", "b", "c"]) {
    made.apply(say(text));
    clock.advance(50);
  }
  const next = made.next(epoch, version);
  assert.ok(next.kind === "patch");
  const patch = JSON.parse(next.patch.bytes.toString());
  assert.deepEqual([patch.fromVersion, patch.toVersion], [version, version + 3]);
  assert.deepEqual(patch.ops, [...say("a"), ...say("b"), ...say("c")]);
  const again = made.next(epoch, version);
  assert.ok(again.kind === "patch" && again.patch === next.patch);
});

test("P21: a snapshot says why it comes instead of what was missed", () => {
  const { clock, topic: made } = topic();
  const { epoch, version } = made;
  const why = (held: string, at: number) => {
    const next = made.next(held, at);
    return next.kind === "snapshot" ? next.reason : next.kind;
  };
  assert.equal(why("", 0), "first");
  assert.equal(why(`${epoch}x`, version), "new_epoch");
  assert.equal(why(epoch, version + 1), "client_ahead");
  assert.equal(why(epoch, version), "nothing");
  // Past what a topic keeps of its latest patches.
  for (let count = 0; count < 6; count += 1) {
    made.apply(say("x".repeat(1024 * 1024)));
    clock.advance(50);
  }
  assert.equal(why(epoch, version), "too_old");
  assert.equal(why(epoch, version + 5), "patch");
  assert.equal(JSON.parse(String(made.snapshot("too_old")?.bytes)).reason, "too_old");
});

test("what a topic lets go of is no change: no version, and the same snapshot", () => {
  const { topic: made } = topic();
  const before = String(made.snapshot()?.bytes);
  made.trim((state) => ({ ...state }));
  assert.equal(String(made.snapshot()?.bytes), before);
});
