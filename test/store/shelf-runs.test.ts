import assert from "node:assert/strict";
import { test } from "node:test";
import { ShelfRuns } from "../../src/store/shelf-runs.ts";
import { FileSource } from "../helpers/file-source.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

/** A shelf that answers when the test says so. */
function setUp() {
  const clock = new ManualClock();
  const told: string[] = [];
  let answer: (names: readonly string[]) => void = () => undefined;
  const due: (readonly string[] | "all")[] = [];
  const shelf = {
    asked: 0,
    due,
    names: (changed: ReadonlySet<string> | "all") => {
      shelf.asked += 1;
      due.push(changed === "all" ? "all" : [...changed]);
      return new Promise<readonly string[]>((resolve) => (answer = resolve));
    },
  };
  const runs = new ShelfRuns("/logs", new FileSource(), shelf, {
    clock,
    lookInto: async (places) => {
      told.push(...places.map((place) => `look ${place}`));
      return [];
    },
    gone: async (places) => void told.push(...places.map((place) => `gone ${place}`)),
    touched: (place) => told.push(`touched ${place}`),
    onError: (error) => assert.fail(String(error)),
  });
  const settle = async (...names: string[]) => {
    answer(names);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { clock, runs, settle, shelf, told };
}

test("a shelf is asked once at a time; what happens meanwhile is asked for after it", async () => {
  const { clock, runs, settle, shelf } = setUp();
  const first = runs.ask();
  for (let index = 0; index < 50; index += 1) runs.wake("a.runs");
  clock.advance(1_000);
  assert.equal(shelf.asked, 1);
  await settle("a.runs");
  await first;
  clock.advance(1_000);
  assert.equal(shelf.asked, 2, "once for all that happened");
  await settle("a.runs");
  clock.advance(60_000);
  assert.equal(shelf.asked, 2, "and never without an occasion");
});

test("many events are answered together", async () => {
  const { clock, runs, settle, shelf } = setUp();
  for (let index = 0; index < 100; index += 1) {
    runs.wake("b.txt");
    clock.advance(10);
    await settle();
  }
  assert.ok(shelf.asked >= 8 && shelf.asked <= 12, `${shelf.asked} times in a second`);
});

test("a shelf is told which files something happened to, each time; and asked of all when nothing told", async () => {
  const { clock, runs, settle, shelf } = setUp();
  const asked = runs.ask();
  runs.wake("a.runs");
  runs.wake("b.runs");
  await settle("a.runs");
  await asked;
  clock.advance(1_000);
  await settle("a.runs");
  runs.wake("c.runs");
  clock.advance(1_000);
  // Asked of all while it answers: that is not forgotten.
  const again = runs.ask();
  await settle("a.runs");
  await again;
  clock.advance(1_000);
  await settle("a.runs");
  assert.deepEqual(shelf.due, ["all", ["a.runs", "b.runs"], ["c.runs"], "all"]);
});

test("an event at a file touches the runs in it and no others", async () => {
  const { clock, runs, settle, told } = setUp();
  const asked = runs.ask();
  await settle("a.runs", "a.runs#2", "b.runs");
  await asked;
  told.length = 0;
  runs.wake("a.runs");
  runs.wake("c.runs");
  assert.deepEqual(told, ["touched /logs/a.runs", "touched /logs/a.runs#2"]);
  told.length = 0;
  clock.advance(100);
  await settle("a.runs");
  assert.deepEqual(told.toSorted(), ["gone /logs/a.runs#2", "gone /logs/b.runs"]);
  told.length = 0;
  await runs.leave();
  assert.deepEqual(told, ["gone /logs/a.runs"]);
});
