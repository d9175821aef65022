import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type KeyPress, actOf, sliderActOf } from "../../viewer/playback/keyboard.ts";
import { Log } from "../../src/protocol/log.ts";
import { nextEvent, previousEvent } from "../../viewer/playback/moments.ts";
import { PageTimes } from "../../viewer/playback/page-times.ts";
import { StepTable } from "../../viewer/playback/step-table.ts";
import { traceRow } from "../../src/protocol/outline.ts";
import { blocksOf } from "../../viewer/ui/text-blocks.tsx";
import { newestFirst } from "../../viewer/playback/newest-first.ts";
import { age, clock, duration, humanise } from "../../viewer/ui/format.ts";
import { thoughtWords } from "../../viewer/conversation/thought-words.ts";
import { formatRoute, readRoute, type Route } from "../../viewer/ui/route.ts";
import { T0, traced } from "./made-run.ts";

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

test("keys of a player, and none of the browser's", () => {
  assert.equal(actOf(press(" ")), "toggle");
  assert.equal(actOf(press("ArrowLeft")), "previous_event");
  assert.equal(actOf(press("ArrowRight", { shiftKey: true })), "next_step");
  assert.equal(actOf(press("l")), "live");
  assert.equal(actOf(press("l", { ctrlKey: true })), null);
  assert.equal(actOf(press("ArrowLeft", { altKey: true })), null);
  assert.equal(actOf(press("PageUp")), null);
  assert.equal(sliderActOf(press("PageUp")), "forward");
  assert.equal(sliderActOf(press("Home")), "start");
});

test("an address says run, moment and tab, and nothing needless", () => {
  const plain: Route = { runId: "a:b#1", at: null, tab: null };
  assert.equal(formatRoute(plain), "/runs/a%3Ab%231");
  assert.equal(formatRoute({ ...plain, at: 10_200.4, tab: "events" }), "/runs/a%3Ab%231?t=10200&tab=events");
  assert.equal(formatRoute({ ...plain, runId: null, at: 5 }), "/");
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: "grapheme" }).filter((id) => !/^\.{1,2}$/.test(id)),
      fc.option(fc.nat()),
      fc.constantFrom(null, "conversation" as const, "events" as const),
      fc.option(fc.string({ minLength: 1, unit: "grapheme" })),
      (runId, at, tab, other) => {
        const place = { runId, at, tab, ...(other === null || other === runId ? {} : { beside: other }) };
        const url = new URL(formatRoute(place), "http://127.0.0.1");
        assert.deepEqual(readRoute(url), place);
      },
    ),
  );
});

test("a thought says how long it took, and only where that is known", () => {
  const folded = { rest: false, streaming: false };
  const thought = (until: number) => ({ kind: "thought", line: 1, at: 500, until, text: "Hm." }) as const;
  assert.equal(thoughtWords(thought(620), folded), "Thought for 0.1 s");
  assert.equal(thoughtWords(thought(12_500), folded), "Thought for 12 s");
  assert.equal(thoughtWords(thought(500), folded), "Thought");
  assert.equal(thoughtWords(thought(620), { rest: true, streaming: false }), "Thought");
  assert.equal(thoughtWords(thought(620), { rest: false, streaming: true }), "Thinking…");
});

test("an address says which run is compared with which, and never a run with itself", () => {
  const at = (path: string) => readRoute(new URL(path, "http://127.0.0.1"));
  assert.equal(formatRoute({ runId: "b", at: 5, tab: null, beside: "a:1" }), "/runs/b?with=a%3A1&t=5");
  assert.equal(at("/runs/b?with=a%3A1").beside, "a:1");
  for (const path of ["/runs/b?with=b", "/runs/b?with=", "/runs/b", "/?with=a"])
    assert.equal("beside" in at(path), false, path);
});

test("an address that means nothing is the front page", () => {
  for (const path of ["/", "/runs/", "/runs/%E0%A4%A", "/runs/a/b", "/elsewhere?t=5"])
    assert.equal(readRoute(new URL(path, "http://127.0.0.1")).runId, null);
  assert.equal(readRoute(new URL("/runs/a?t=-4&tab=x", "http://127.0.0.1")).at, null);
});

test("times read as people write them", () => {
  assert.deepEqual([0, 42_900, 1_083_000, 3_723_000].map(clock), ["0:00", "0:42", "18:03", "1:02:03"]);
  assert.deepEqual([3, 800, 6240, 14_900, 130_000].map(duration), ["3 ms", "0.8 s", "6.2 s", "14 s", "2:10"]);
  assert.deepEqual([5000, 250_000, 7_300_000, 180_000_000].map(age), ["5 s", "4 min", "2 h", "2 d"]);
});

test("ids become a reader's words", () => {
  assert.deepEqual(["inspect_workspace", "example-two-turn", "draftReview", "__"].map(humanise), [
    "Inspect workspace",
    "Example two turn",
    "Draft review",
    "__",
  ]);
});

test("several lists walked from the newest are one list sorted by time", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(50), { maxLength: 20 }), { maxLength: 5 }), (raw) => {
      const lists = raw.map((times) => times.toSorted((left, right) => left - right));
      const walked = [
        ...newestFirst(lists.map((times) => ({ length: times.length, timeAt: (at) => times[at] ?? 0 }))),
      ];
      const times = walked.map(({ index, list }) => lists[list]?.[index] ?? -1);
      assert.deepEqual(
        times,
        lists.flat().toSorted((left, right) => right - left),
      );
    }),
  );
});

test("keys step by events of all logs, and by starts of attempts", () => {
  const index = (times: readonly number[]): readonly [string, PageTimes] => {
    const made = new PageTimes();
    made.extend(Log.from(times.map((time) => ({ at: new Date(time).toISOString() }))), () => {});
    return ["trace", made];
  };
  const logs = { times: () => [index([100, 200, 300]), index([150, 200, 900])] };
  const found = (at: number | null) => ({ kind: "found", at });
  assert.deepEqual(
    [0, 100, 150, 200, 300, 900].map((at) => nextEvent(logs, at)),
    [100, 150, 200, 300, 900, null].map(found),
  );
  assert.deepEqual(
    [100, 150, 200, 901].map((at) => previousEvent(logs, at)),
    [null, 100, 150, 900].map(found),
  );
  const table = new StepTable();
  const starts = [
    traced(1, 10, "node_started", "a#1"),
    traced(2, 20, "node_started", "a#2"),
    traced(3, 20, "node_started", "b#1"),
  ];
  for (const [line, event] of starts.entries()) {
    const row = traceRow(event, line, Date.parse(event.at));
    if (row !== null) table.add(row);
  }
  assert.equal(table.startOf(table.begunBy(T0)), T0 + 10);
  assert.equal(table.startOf(table.begunBy(T0 + 20)), null);
  assert.equal(table.startBefore(T0 + 20), T0 + 10);
  assert.equal(table.startBefore(T0 + 10), null);
});

test("a text in blocks is the same text, and a longer one has the same blocks and more", () => {
  const texts = fc.array(fc.constantFrom("word ", "line\n", "x".repeat(900), "\u{1F600}"), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(texts, texts, (first, second) => {
      const text = first.join("");
      const blocks = blocksOf(text);
      assert.equal(blocks.join(""), text);
      const longer = blocksOf(text + second.join(""));
      assert.deepEqual(longer.slice(0, blocks.length - 1), blocks.slice(0, -1));
      // Throws for half a character.
      for (const block of blocks) encodeURIComponent(block);
    }),
  );
});
