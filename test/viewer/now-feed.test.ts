import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveStats, NowRecord } from "../../src/protocol/now.ts";
import type { Reply } from "../../viewer/live/ask-server.ts";
import { NowFeed, type NowWay } from "../../viewer/live/now-feed.ts";
import type { NowStreamEvents } from "../../viewer/live/now-stream.ts";
import { burnOf, callOf, statsOf } from "./told-now.ts";

/** A server that answers when it is told to, and a clock that is moved by hand. */
class World {
  readonly zone = "Europe/Zurich";
  readonly asked: string[] = [];
  readonly streams: { readonly address: string; readonly events: NowStreamEvents; closed: boolean }[] = [];
  answers = true;
  /** Zones that it knows nothing of. */
  refuses = "";
  recent: readonly NowRecord[] = [];
  #now = 0;
  #timers: { readonly at: number; readonly task: () => void }[] = [];

  readonly ask = async (address: string): Promise<Reply> => {
    this.asked.push(address);
    if (!this.answers) return { kind: "failed" };
    if (this.refuses !== "" && address.includes(encodeURIComponent(this.refuses))) return { kind: "refused" };
    const body = address.startsWith("/api/live/recent") ? { records: this.recent, lastId: "7" } : statsOf();
    return { kind: "message", text: JSON.stringify(body) };
  };

  readonly open = (address: string, events: NowStreamEvents) => {
    const stream = { address, events, closed: false };
    this.streams.push(stream);
    return {
      close() {
        stream.closed = true;
      },
    };
  };

  readonly after = (ms: number, task: () => void) => {
    const timer = { at: this.#now + ms, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get timers(): number {
    return this.#timers.length;
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((other) => other !== next);
      next.task();
      await settled();
    }
    this.#now = end;
  }

  frame(name: string, payload: unknown): void {
    const data = JSON.stringify({ type: name, ts: "2026-11-20T10:00:00Z", payload });
    this.streams.at(-1)?.events.frame(name, data);
  }
}

async function settled(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await Promise.resolve();
}

function start(world = new World()) {
  const ways: NowWay[] = [];
  const records: string[][] = [];
  /** Those of `records` that come where something may have been missed. */
  const anew: string[][] = [];
  const burns: number[] = [];
  const stats: LiveStats[] = [];
  const zones: string[] = [];
  const feed = new NowFeed(world, {
    otherZone: (zone) => zones.push(zone),
    way: (way) => ways.push(way),
    records: (told) => records.push(told.map(({ payload }) => payload.id)),
    anew: (told) => {
      const ids = told.map(({ payload }) => payload.id);
      records.push(ids);
      anew.push(ids);
    },
    burn: ({ today_cost }) => burns.push(today_cost),
    stats: (told) => stats.push(told),
  });
  return { anew, burns, feed, records, stats, ways, world, zones };
}

const count = (world: World, address: string) => world.asked.filter((one) => one.startsWith(address)).length;

test("what went before is asked for, then the stream tells; a burst is told together", async () => {
  const world = new World();
  world.recent = [callOf("a")];
  const { burns, feed, records, stats, ways } = start(world);
  await world.pass(0);
  assert.deepEqual(world.streams[0]?.address, "/api/live/stream?tz=Europe%2FZurich");
  assert.deepEqual(records, [["a"]]);
  assert.equal(stats.length, 1);
  world.frame("ready", {});
  world.frame("burn_tick", burnOf({ today_cost: 3 }));
  for (const id of ["b", "c", "d"]) world.frame("tool_call", callOf(id).payload);
  world.frame("tool_call", { id: "no call at all" });
  world.frame("unheard_of", callOf("e").payload);
  await world.pass(50);
  // What happened between the first answer and the stream's beginning is in the second.
  assert.deepEqual(records, [["a"], ["a"], ["b", "c", "d"]]);
  assert.deepEqual(burns, [3]);
  assert.deepEqual(ways, ["connecting", "stream"]);
  feed.end();
});

test("while the stream stands only the figures are asked for, every 15 s", async () => {
  const { feed, world } = start();
  await world.pass(0);
  world.frame("ready", {});
  for (let tick = 0; tick < 12; tick += 1) {
    await world.pass(5_000);
    world.frame("burn_tick", burnOf({}));
  }
  assert.equal(count(world, "/api/live/stats"), 6);
  assert.equal(count(world, "/api/live/recent"), 2);
  feed.end();
});

test("a stream that says nothing is replaced by asking, until it speaks", async () => {
  const { feed, records, ways, world } = start();
  await world.pass(4_000);
  assert.deepEqual(ways, ["connecting", "polling"]);
  world.recent = [callOf("a")];
  await world.pass(2_000);
  assert.deepEqual(records.at(-1), ["a"]);
  world.frame("ready", {});
  const asked = count(world, "/api/live/recent");
  await world.pass(10_000);
  assert.deepEqual(ways, ["connecting", "polling", "stream"]);
  assert.ok(count(world, "/api/live/recent") <= asked + 1, "it is asked no longer");
  feed.end();
});

test("a stream that broke off and stands again has told all of it", async () => {
  const { feed, records, ways, world } = start();
  await world.pass(0);
  world.frame("ready", {});
  await world.pass(100);
  world.streams[0]?.events.broken();
  assert.equal(ways.at(-1), "away");
  world.answers = false;
  await world.pass(6_000);
  assert.equal(ways.at(-1), "away", "nobody answers");
  world.answers = true;
  world.recent = [callOf("missed")];
  world.frame("ready", {});
  await world.pass(0);
  assert.equal(ways.at(-1), "stream");
  assert.deepEqual(records.at(-1), ["missed"]);
  feed.end();
});

test("what may have been missed is told anew, with what came since; where nothing was, nothing is", async () => {
  const world = new World();
  const { anew, feed } = start(world);
  await world.pass(0);
  const ready = (resumed: boolean | null) => {
    const watcher = { running: true, mode: "watching", trouble: [] };
    const watermarks = { event: "", tool_call: "" };
    world.frame("ready", { resumed, watcher, watermarks, burn_interval_seconds: 5 });
  };
  assert.deepEqual(anew, [[]], "the page may have lines of before");
  ready(null);
  await world.pass(0);
  assert.equal(anew.length, 2);
  ready(true);
  await world.pass(0);
  assert.equal(anew.length, 2, "it goes on right after what was heard");
  world.recent = [callOf("last")];
  world.answers = false;
  ready(false);
  world.frame("tool_call", callOf("since").payload);
  await world.pass(100);
  assert.equal(anew.length, 2);
  world.answers = true;
  ready(true);
  await world.pass(0);
  assert.deepEqual(anew.at(-1), ["last", "since"]);
  feed.end();
});

test("a stream that breaks off again and again is replaced by asking", async () => {
  const { feed, ways, world } = start();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await world.pass(3_000);
    world.streams[0]?.events.broken();
  }
  assert.deepEqual(ways, ["connecting", "polling"]);
  feed.end();
});

test("one that is refused is tried again, and one that falls silent is opened anew", async () => {
  const { feed, ways, world } = start();
  await world.pass(0);
  world.streams[0]?.events.refused();
  await world.pass(1_000);
  assert.equal(ways.at(-1), "polling");
  await world.pass(30_000);
  assert.equal(world.streams.length, 2);
  world.frame("ready", {});
  assert.equal(ways.at(-1), "stream");
  await world.pass(20_000);
  assert.equal(world.streams.length, 3);
  assert.ok(world.streams[1]?.closed);
  // What the old one says late is not heard.
  world.streams[1]?.events.frame("ready", "{}");
  assert.notEqual(ways.at(-1), "stream");
  feed.end();
});

test("who leaves is asked nothing and told nothing more", async () => {
  const { feed, records, ways, world } = start();
  await world.pass(0);
  world.frame("ready", {});
  world.frame("tool_call", callOf("a").payload);
  feed.end();
  assert.ok(world.streams[0]?.closed);
  assert.equal(world.timers, 0);
  const before = [world.asked.length, records.length, ways.length];
  world.frame("ready", {});
  await world.pass(120_000);
  assert.deepEqual([world.asked.length, records.length, ways.length], before);
});

test("where the server does not know the zone, days are asked for in UTC, and that is said", async () => {
  const world = new World();
  world.refuses = world.zone;
  const { feed, stats, ways, zones } = start(world);
  world.streams[0]?.events.refused();
  await world.pass(0);
  assert.deepEqual(zones, ["UTC"]);
  assert.ok(stats.length > 0);
  assert.deepEqual(
    world.streams.map(({ address, closed }) => [address, closed]),
    [
      ["/api/live/stream?tz=Europe%2FZurich", true],
      ["/api/live/stream?tz=UTC", false],
    ],
  );
  world.frame("ready", {});
  await world.pass(40_000 - 21_000);
  assert.equal(ways.at(-1), "stream");
  assert.equal(world.streams.length, 2, "the one that was refused is not tried again");
  feed.end();
});

test("by asking alone: an answer that has nothing of the last one comes after a gap", async () => {
  const world = new World();
  world.recent = [callOf("a")];
  const { anew, feed, records, ways } = start(world);
  await world.pass(4_000);
  assert.equal(ways.at(-1), "polling");
  const before = anew.length;
  world.recent = [callOf("a"), callOf("b")];
  await world.pass(2_000);
  assert.deepEqual(records.at(-1), ["a", "b"]);
  assert.equal(anew.length, before, "it goes on from the last one");
  world.recent = [callOf("y"), callOf("z")];
  await world.pass(2_000);
  assert.equal(anew.length, before + 1);
  assert.deepEqual(anew.at(-1), ["y", "z"]);
  await world.pass(2_000);
  assert.equal(anew.length, before + 1);
  feed.end();
});
