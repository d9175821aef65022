import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Found, Hit } from "../../src/protocol/found.ts";
import { type TextHit, TextSearch } from "../../viewer/find/text-search.ts";
import type { Answer } from "../../viewer/live/ranges.ts";

const hit = (line: number, at: number): Hit => ({ line, at, kind: "agent", text: "x", match: [0, 1] });

/** A history that is told again stands between the last 12 before it and the next 14. */
function toldAgainFrom(times: readonly number[], line: number): number | null {
  return times[line] === 13 ? times.lastIndexOf(12, line) : null;
}

/** Logs of which every line is a hit, by its time; answers come when the test says so. */
function made(logs: Readonly<Record<string, readonly number[]>>, block = 3) {
  const asked: string[] = [];
  let give: ((answer: Answer<Found>) => void) | null = null;
  let answer: Answer<Found> = { kind: "failed" };
  const orders: (readonly TextHit[])[] = [];
  const search = new TextSearch(
    Object.entries(logs).map(([log, times]) => ({ log, latest: times.at(-1) ?? Number.NEGATIVE_INFINITY })),
    {
      ask: (log, before) => {
        const times = logs[log] ?? [];
        const to = before ?? times.length;
        const from = Math.max(0, to - block);
        asked.push(`${log} ${to}`);
        const hits = times
          .slice(from, to)
          .map((at, index) => hit(from + index, at))
          .toReversed();
        const at = times[from - 1] ?? Number.NEGATIVE_INFINITY;
        answer = { kind: "good", value: { hits, next: from === 0 ? null : from, at } };
        return new Promise((resolve) => (give = resolve));
      },
      toldAgainFrom: (log, line) => toldAgainFrom(logs[log] ?? [], line),
      isRepeat: (newer, older) => newer.at === 77 && older.at === 77,
      changed: () => orders.push([...search.hits]),
    },
  );
  const step = async (given = answer) => {
    const waiting = give;
    give = null;
    waiting?.(given);
    await new Promise((resolve) => setImmediate(resolve));
    return waiting !== null;
  };
  return {
    asked,
    orders,
    search,
    step,
    async run() {
      while (await step());
    },
  };
}

const times = fc
  .array(fc.integer({ min: 100, max: 200 }), { maxLength: 40 })
  .map((list) => list.sort((left, right) => left - right));

test("several logs are searched as one, and what is found comes in at the end only", async () => {
  const shape = fc.record({ trace: times, a: times, b: times });
  await fc.assert(
    fc.asyncProperty(shape, async (logs) => {
      const { orders, run, search } = made(logs);
      await run();
      for (let more = 0; search.state === "enough" && more < 5; more += 1) {
        search.more();
        await run();
      }
      assert.equal(search.state, "done");
      const all = Object.values(logs).flat();
      assert.deepEqual(
        search.hits.map(({ at }) => at),
        all.toSorted((left, right) => right - left),
      );
      for (const order of orders) assert.deepEqual(search.hits.slice(0, order.length), order);
    }),
    { numRuns: 60 },
  );
});

test("it stops when there is enough, goes on when asked, and begins where the newest is", async () => {
  const { asked, run, search } = made({ trace: [100], a: Array.from({ length: 120 }, (_, at) => at) }, 20);
  await run();
  assert.deepEqual(asked, ["a 120", "trace 1", "a 100", "a 80"]);
  assert.equal(search.state, "enough");
  assert.equal(search.hits[0]?.at, 119);
  search.more();
  await run();
  assert.equal(search.state, "done");
});

test("a failure is said and can be tried again; what came stays", async () => {
  const { run, search, step } = made({ a: [1, 2, 3, 4, 5, 6, 7] });
  await step();
  await step({ kind: "failed" });
  assert.equal(search.state, "failed");
  assert.equal(search.hits.length, 3);
  search.more();
  await run();
  assert.equal(search.state, "done");
  assert.deepEqual(
    search.hits.map(({ at }) => at),
    [7, 6, 5, 4, 3, 2, 1],
  );
});

test("after it was closed no answer changes anything", async () => {
  const { orders, search, step } = made({ a: [1, 2, 3, 4, 5, 6, 7] });
  await step();
  const drawn = orders.length;
  search.close();
  await step();
  assert.equal(search.hits.length, 3);
  assert.equal(orders.length, drawn);
});

test("what was told again, or only repeated, is left out", async () => {
  const { run, search } = made({ a: [12, 13, 14, 77, 77, 77] }, 6);
  await run();
  assert.deepEqual(
    search.hits.map(({ at, line }) => [at, line]),
    [
      [77, 3],
      [14, 2],
      [12, 0],
    ],
  );
});

test("a history that is told again is passed over at once", async () => {
  const history = Array.from({ length: 3000 }, () => 13);
  const { asked, run, search } = made({ a: [10, 11, 12, ...history, 14] }, 6);
  await run();
  assert.deepEqual(asked, ["a 3004", "a 3"]);
  assert.deepEqual(
    search.hits.map(({ at }) => at),
    [14, 12, 11, 10],
  );
});
