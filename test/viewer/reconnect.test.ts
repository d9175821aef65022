import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ClientMessage } from "../../src/protocol/messages.ts";
import { backoff } from "../../viewer/live/backoff.ts";
import type { ConnectionEvents } from "../../viewer/live/connection.ts";
import { type LinkState, startLink } from "../../viewer/live/reconnect.ts";

/** A world whose time moves only when told to, and sockets that do only what the test says. */
function world() {
  let time = 0;
  let tasks: { at: number; run: () => void }[] = [];
  const sockets: { events: ConnectionEvents; sent: ClientMessage[]; closed: boolean }[] = [];
  const states: LinkState[] = [];
  const heard = { opened: 0 };
  const link = startLink(
    (events) => {
      const socket = { events, sent: new Array<ClientMessage>(), closed: false };
      sockets.push(socket);
      return {
        send: (message) => socket.sent.push(message),
        close: () => {
          socket.closed = true;
          events.closed();
        },
      };
    },
    {
      now: () => time,
      random: () => 0,
      after: (ms, run) => {
        const task = { at: time + ms, run };
        tasks.push(task);
        return () => {
          tasks = tasks.filter((other) => other !== task);
        };
      },
    },
    { state: (state) => states.push(state), opened: () => (heard.opened += 1), message: () => {} },
  );
  return {
    link,
    sockets,
    heard,
    state: () => states.at(-1),
    socket: () => {
      const socket = sockets.at(-1);
      assert.ok(socket !== undefined);
      return socket;
    },
    wait(ms: number) {
      const until = time + ms;
      for (;;) {
        const next = tasks.toSorted((left, right) => left.at - right.at)[0];
        if (next === undefined || next.at > until) break;
        tasks = tasks.filter((task) => task !== next);
        time = next.at;
        next.run();
      }
      time = until;
    },
  };
}

test("waits grow to five seconds and are spread by half", () => {
  assert.equal(backoff(1, 0), 250);
  assert.equal(backoff(2, 0), 500);
  assert.equal(backoff(50, 0), 5000);
  fc.assert(
    fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const wait = backoff(attempt, random);
      assert.ok(wait >= 125 && wait <= 5000);
      assert.ok(wait <= backoff(attempt + 1, 0));
    }),
  );
});

test("a lost connection is tried again, each time after a longer wait", () => {
  const { heard, sockets, socket, state, wait } = world();
  socket().events.opened();
  assert.equal(heard.opened, 1);
  socket().events.closed();
  assert.deepEqual(state(), { kind: "waiting", retryAt: 250, attempt: 1 });
  wait(250);
  assert.equal(sockets.length, 2);
  socket().events.closed();
  assert.deepEqual(state(), { kind: "waiting", retryAt: 750, attempt: 2 });
  wait(500);
  socket().events.opened();
  assert.equal(heard.opened, 2);
});

test("after a good stay the waits begin anew; after a short one they do not", () => {
  const { socket, state, wait } = world();
  for (let failure = 0; failure < 4; failure += 1) {
    socket().events.closed();
    wait(5000);
  }
  socket().events.opened();
  wait(100);
  socket().events.closed();
  assert.ok(state()?.kind === "waiting");
  wait(5000);
  socket().events.opened();
  wait(2000);
  socket().events.pong();
  wait(4_000);
  socket().events.pong();
  wait(4_000);
  socket().events.pong();
  wait(1_000);
  socket().events.closed();
  const last = state();
  assert.ok(last?.kind === "waiting");
  assert.equal(last.attempt, 1);
});

test("a ping measures the way there and back", () => {
  const { socket, state, wait } = world();
  socket().events.opened();
  wait(1000);
  assert.deepEqual(socket().sent, [{ type: "ping" }]);
  wait(12);
  socket().events.pong();
  assert.deepEqual(state(), { kind: "open", latencyMs: 12 });
  wait(3_000);
  assert.equal(socket().sent.length, 2);
});

test("a connection that does not answer is given up", () => {
  const { sockets, socket, state, wait } = world();
  socket().events.opened();
  wait(1_000 + 4_000 - 1);
  assert.equal(sockets[0]?.closed, false);
  wait(1);
  assert.equal(sockets[0]?.closed, true);
  assert.equal(state()?.kind, "waiting");
  wait(250);
  assert.equal(sockets.length, 2);
  // Nor is one that never opens waited for for ever.
  wait(10_000);
  assert.equal(sockets[1]?.closed, true);
});

test("waking ends a wait at once, and asks an open connection whether it lives", () => {
  const { link, sockets, socket, wait } = world();
  socket().events.closed();
  link.wake();
  assert.equal(sockets.length, 2);
  socket().events.opened();
  link.wake();
  assert.deepEqual(socket().sent, [{ type: "ping" }]);
  wait(5);
});

test("a connection that was replaced is not listened to any more", () => {
  const { heard, sockets, socket } = world();
  const first = sockets[0];
  socket().events.closed();
  first?.events.opened();
  first?.events.closed();
  assert.equal(heard.opened, 0);
  assert.equal(sockets.length, 1);
});

test("while messages come, a pong that waits behind them is waited for", () => {
  const { sockets, socket, state, wait } = world();
  socket().events.opened();
  wait(1_000);
  for (let count = 0; count < 5; count += 1) {
    wait(3_900);
    socket().events.message({ type: "ready", protocol: "runreel.live.v1" });
  }
  assert.equal(sockets[0]?.closed, false);
  socket().events.pong();
  assert.deepEqual(state(), { kind: "open", latencyMs: 19_500 });
  wait(8_000);
  assert.equal(sockets[0]?.closed, true);
});

test("who has asked for something waits longer for the pong behind it", () => {
  const { link, sockets, socket, wait } = world();
  socket().events.opened();
  link.send({ type: "subscribe_runs" });
  wait(1_000 + 14_999);
  assert.equal(sockets[0]?.closed, false);
  socket().events.message({ type: "ready", protocol: "runreel.live.v1" });
  wait(3_999);
  assert.equal(sockets[0]?.closed, false);
  wait(1);
  assert.equal(sockets[0]?.closed, true);
});
