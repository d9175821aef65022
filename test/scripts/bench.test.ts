import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { agesIn, mark } from "../../scripts/bench/mark.ts";
import { atMost } from "../../scripts/bench/promises.ts";
import { seeded } from "../../scripts/bench/random.ts";
import { stateHashes } from "../../scripts/bench/state-hash.ts";
import { percentile, ratio } from "../../scripts/bench/stats.ts";
import { figure, kilobytes, megabytes, table, times } from "../../scripts/bench/table.ts";
import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";

describe("the bench's figures", () => {
  it("takes a percentile of values in any order, and none of none", () => {
    const values = [5, 1, 4, 2, 3];
    assert.equal(percentile(values, 0.5), 3);
    assert.equal(percentile(values, 0.95), 5);
    assert.equal(percentile(values, 0), 1);
    assert.deepEqual(values, [5, 1, 4, 2, 3], "the values stay as they were");
    assert.equal(percentile([], 0.5), undefined);
  });

  it("has no ratio to nothing", () => {
    assert.equal(ratio(6, 3), 2);
    assert.equal(ratio(6, 0), undefined);
    assert.equal(ratio(undefined, 3), undefined);
    assert.equal(ratio(6, undefined), undefined);
  });

  it("draws a table that a document can hold", () => {
    const cells = [
      figure(50_000),
      figure(1.25, 1),
      times(2.04),
      times(120.4),
      kilobytes(2_048),
      megabytes(2 ** 21),
    ];
    assert.equal(
      table(["a", "b", "c", "d", "e", "f"], [cells, ["-", figure(undefined), times(undefined), "", "", ""]]),
      [
        "| a | b | c | d | e | f |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        "| 50,000 | 1.3 | 2.0x | 120x | 2 | 2 |",
        "| - | - | - |  |  |  |",
      ].join("\n"),
    );
  });

  it("draws the same numbers for the same seed, spread over all from 0 to 1", () => {
    const draw = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 1_000 }, () => random());
    };
    const numbers = draw(1);
    assert.deepEqual(numbers, draw(1));
    assert.notDeepEqual(numbers, draw(2));
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    const tenths = new Set(numbers.map((number) => Math.floor(number * 10)));
    assert.equal(tenths.size, 10);
  });

  it("reads how old each event in a text is", () => {
    const text = `a ${mark()} b ${mark()} c <mark 3>`;
    const ages = agesIn(JSON.stringify(text));
    assert.equal(ages.length, 2);
    assert.ok(ages.every((age) => age >= 0));
  });
});

describe("the bench's promises", () => {
  it("are kept up to their limit, and say what was found", () => {
    assert.deepEqual(atMost("The p50", 10, 10, " ms"), {
      kept: true,
      sentence: "The p50 is 10 ms; it should be at most 10 ms.",
    });
    assert.deepEqual(atMost("The p50", 10.126, 10, " ms"), {
      kept: false,
      sentence: "The p50 is 10.1 ms; it should be at most 10 ms.",
    });
  });

  it("are broken by what is missing, and not by what a system cannot tell", () => {
    assert.equal(atMost("The p50", Number.POSITIVE_INFINITY, 10, " ms").kept, false);
    assert.equal(atMost("The ratio", Number.NaN, 2, "x").kept, false);
    const unknown = atMost("The memory", undefined, 150, " MB");
    assert.equal(unknown.kept, true);
    assert.match(unknown.sentence, /not measured on this system/);
  });
});

describe("the hash of copies of a run", () => {
  const at = "2030-01-01T00:00:00.000Z";
  const entry = (line: number): TraceEvent => ({ seq: line + 1, at, type: "beat" });
  const entries = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => entry(from + index));
  const stateWith = (trace: Log<TraceEvent>): RunState => ({
    schema: "acpx.viewer-run-live.v1",
    sourceType: "acpx",
    sourceLabel: "acpx",
    status: "running",
    manifest: { runId: "run-1", flowName: "flow" },
    flow: null,
    run: {},
    live: null,
    steps: Log.empty(),
    trace,
    sessions: {},
    problems: { count: 0, listed: [] },
  });
  const isSame = (left: RunState, right: RunState) => {
    const [one, other] = stateHashes([left, right]);
    return one === other;
  };

  it("is one for copies that hold more or less of the same log", () => {
    const whole = Log.from(entries(0, 300));
    assert.ok(isSame(stateWith(whole), stateWith(Log.tail(256, entries(256, 300)))));
  });

  it("is another for another length or another entry", () => {
    const whole = stateWith(Log.from(entries(0, 300)));
    assert.ok(!isSame(whole, stateWith(Log.tail(256, entries(256, 299)))));
    const other = entries(256, 300).map((event) => (event.seq === 290 ? { ...event, type: "other" } : event));
    assert.ok(!isSame(whole, stateWith(Log.tail(256, other))));
  });

  it("is another for another member anywhere, and not for another order of members", () => {
    const state = stateWith(Log.empty());
    assert.ok(isSame(state, { ...state, manifest: { flowName: "flow", runId: "run-1" } }));
    assert.ok(!isSame(state, { ...state, run: { status: "failed" } }));
    const session = { id: "main", binding: null, record: null, events: Log.empty<never>() };
    assert.ok(!isSame(state, { ...state, sessions: { main: session } }));
  });
});
