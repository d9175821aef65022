import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection, ConnectionEvents } from "../../viewer/live/connection.ts";
import { ladder, type Way } from "../../viewer/live/ladder.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const READY = { type: "ready", protocol: "runreel.live.v1" } as const;

/** Three ways that do only what the test says, and a link that connects again at once. */
function world() {
  const clock = new ManualClock();
  const tries: { way: Way; events: ConnectionEvents; closed: boolean }[] = [];
  const stood: Way[] = [];
  const server = { isThere: true };
  let lost = 0;
  const connects = (way: Way) => (events: ConnectionEvents) => {
    const attempt = { way, events, closed: false };
    tries.push(attempt);
    return {
      send: () => undefined,
      close: () => {
        if (attempt.closed) return;
        attempt.closed = true;
        events.closed();
      },
    };
  };
  const connect = ladder({
    connects: { socket: connects("socket"), stream: connects("stream"), polling: connects("polling") },
    isThere: () => Promise.resolve(server.isThere),
    after: (ms, task) => clock.after(ms, task),
    stands: (way) => stood.push(way),
  });
  const heard = { opened: 0, messages: 0 };
  const open = (): Connection =>
    connect({
      opened: () => (heard.opened += 1),
      pong: () => undefined,
      message: () => (heard.messages += 1),
      closed: () => (lost += 1),
    });
  const last = () => {
    const attempt = tries.at(-1);
    assert.ok(attempt !== undefined);
    return attempt;
  };
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  /** Refuses the way that is being tried. */
  const refuse = async () => {
    const attempt = last();
    attempt.closed = true;
    attempt.events.closed();
    await settled();
  };
  const greet = () => {
    last().events.opened();
    last().events.message(READY);
  };
  return { clock, greet, heard, last, lost: () => lost, open, refuse, server, settled, stood, tries };
}

test("a way that is refused though the server answers is left at once for the next one down", async () => {
  const { greet, heard, last, lost, open, refuse, stood } = world();
  open();
  assert.equal(last().way, "socket");
  await refuse();
  assert.equal(last().way, "stream");
  await refuse();
  assert.equal(last().way, "polling");
  greet();
  assert.deepEqual(stood, ["polling"]);
  assert.deepEqual([heard.opened, lost()], [1, 0], "for who asked it was one connection");
  last().events.closed();
  assert.equal(lost(), 1);
  open();
  assert.equal(last().way, "polling", "what stood last is where to begin");
});

test("while the server is away no other way is tried, and where all are blocked it is told once", async () => {
  const { lost, open, refuse, server, tries } = world();
  server.isThere = false;
  for (let count = 1; count <= 3; count += 1) {
    open();
    await refuse();
    assert.deepEqual([tries.length, lost()], [count, count]);
  }
  server.isThere = true;
  open();
  for (let count = 0; count < 3; count += 1) await refuse();
  assert.deepEqual(
    tries.slice(3).map(({ way }) => way),
    ["socket", "stream", "polling"],
  );
  assert.equal(lost(), 4);
});

test("a way that never opens is given up soon; a socket that opens and stays dumb, too", async () => {
  const { clock, heard, last, lost, open, settled, tries } = world();
  open();
  last().events.opened();
  clock.advance(1_499);
  assert.equal(tries[0]?.closed, false);
  clock.advance(1);
  assert.equal(tries[0]?.closed, true);
  await settled();
  assert.deepEqual([heard.opened, lost()], [1, 1]);
  open();
  assert.equal(last().way, "stream");
  clock.advance(1_500);
  assert.equal(tries[1]?.closed, true);
  await settled();
  assert.equal(last().way, "socket", "then the others, the best first");
  assert.equal(lost(), 1);
});

test("while a worse way stands the better ones are tried, and taken once they are heard of", async () => {
  const { clock, greet, last, lost, open, refuse, settled, tries } = world();
  open();
  await refuse();
  await refuse();
  greet();
  const standing = last();
  clock.advance(3_000);
  assert.equal(last().way, "socket");
  // Nothing comes: the stream is tried, and refuses.
  clock.advance(1_500);
  assert.equal(last().way, "stream");
  last().events.closed();
  assert.equal(standing.closed, false, "what stands is kept meanwhile");
  clock.advance(15_000);
  assert.equal(last().way, "socket");
  greet();
  assert.equal(last().closed, true, "it was only tried");
  assert.equal(standing.closed, true);
  await settled();
  assert.equal(lost(), 1);
  const count = tries.length;
  open();
  assert.equal(last().way, "socket");
  assert.equal(tries.length, count + 1);
  greet();
  clock.advance(60_000);
  assert.equal(tries.length, count + 1, "there is nothing better than a socket");
  assert.equal(clock.waiting, 0);
});

test("a connection that is given up leaves no trial behind", async () => {
  const { clock, greet, lost, open, refuse, settled, tries } = world();
  const connection = open();
  await refuse();
  greet();
  clock.advance(3_000);
  connection.close();
  connection.close();
  await settled();
  assert.ok(tries.every(({ closed }) => closed));
  assert.equal(clock.waiting, 0);
  assert.equal(lost(), 1);
  const early = open();
  early.close();
  await settled();
  assert.equal(lost(), 2);
  assert.equal(clock.waiting, 0);
});
