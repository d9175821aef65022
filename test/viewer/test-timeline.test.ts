import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { type Counted, countedLine } from "../../src/protocol/counting.ts";
import { Log } from "../../src/protocol/log.ts";
import { TEST_STATES, tallyOf, type TestState } from "../../src/protocol/tally.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { errorTimes } from "../../viewer/playback/errors.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { spentAt } from "../../viewer/playback/spent.ts";
import type { StepTable } from "../../viewer/playback/step-table.ts";
import { tallyAt } from "../../viewer/playback/tally-at.ts";
import { marksOf } from "../../viewer/timeline/marks.ts";
import { packAsKnown } from "../../viewer/timeline/packing.ts";
import { type Piece, piecesOf } from "../../viewer/timeline/pieces.ts";
import { Scale, WHOLE } from "../../viewer/timeline/scale.ts";
import { scoresInSight, scoresTold } from "../../viewer/timeline/score-ticks.ts";
import { tellsNoTimes, testLabel, testSpans } from "../../viewer/timeline/test-spans.ts";
import { madeRun, stamp, T0, tableOf, traced } from "./made-run.ts";

/** One attempt at a test, as its producer writes it: ms after the run's start. */
interface Attempt {
  readonly test: number;
  readonly began: number;
  readonly took: number;
  readonly state: TestState;
  /** Its start is told with its result. */
  readonly isToldAtEnd: boolean;
  readonly costUsd: number | null;
}

/** What the producer counted of all tests. */
interface Count {
  readonly at: number;
  readonly counted: Counted;
}

function traceOf(attempts: readonly Attempt[], counts: readonly Count[] = []): TraceEvent[] {
  const lines: { readonly at: number; readonly rank: number; readonly line: object }[] = [];
  const numbers = new Map<number, number>();
  for (const { began, costUsd, isToldAtEnd, state, test: name, took } of attempts) {
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    const end = began + took;
    const of = { nodeId: `suite/t${name}`, attemptId: `suite/t${name}#${number}` };
    const since = isToldAtEnd ? { since: stamp(began) } : {};
    const started = { ...of, type: "test_started", payload: { test: `t${name}`, suite: "suite", ...since } };
    lines.push({ at: isToldAtEnd ? end : began, rank: 0, line: started });
    const payload = { state, score: state === "passed" ? 1 : 0, durationMs: took, tokens: 10, costUsd };
    lines.push({ at: end, rank: 1, line: { ...of, type: "test_result", payload } });
  }
  for (const { at, counted } of counts)
    lines.push({ at, rank: 2, line: { type: "tests_counted", payload: countedLine(counted) } });
  return lines
    .toSorted((left, right) => left.at - right.at || left.rank - right.rank)
    .map(({ at, line }, seq) => ({ ...traced(seq + 1, at, ""), ...line }));
}

const END = 5000;
const attempts = fc.array(
  fc.record({
    test: fc.nat(15),
    began: fc.nat(END / 2),
    took: fc.nat(END / 2),
    state: fc.constantFrom(...TEST_STATES),
    isToldAtEnd: fc.boolean(),
    costUsd: fc.option(fc.nat(9)),
  }),
  { maxLength: 60 },
);

const some = fc.nat(30);
const counts = fc.array(
  fc.record({
    at: fc.nat(END),
    counted: fc.record({
      total: fc.nat(200),
      sums: fc.option(fc.record({ passed: some, failed: some, error: some, skipped: some })),
    }),
  }),
  { maxLength: 4 },
);

function cut(trace: readonly TraceEvent[], at: number): TraceEvent[] {
  return trace.filter((event) => Date.parse(event.at) <= at);
}

function evaluation(trace: readonly TraceEvent[]) {
  return madeRun({ sourceType: "agentv", trace: Log.from(trace), tally: tallyOf([], 20) });
}

test("no two tests of a lane overlap, and no more lanes are taken than tests run side by side", () => {
  fc.assert(
    fc.property(attempts, (made) => {
      // Told at their ends, as AgentV does: in that order no other way takes fewer lanes.
      // (One that took no time at all has no room of its own, but comes before what ends with it.)
      const lasting = made.map((each) => ({ ...each, took: each.took + 1, isToldAtEnd: true }));
      const table = tableOf(traceOf(lasting));
      const spans = testSpans(table, T0);
      const lanes = packAsKnown(spans, 1000);
      for (const { spans: lane } of lanes)
        for (let place = 1; place < lane.length; place += 1)
          assert.ok(spans.ends[lane.at(place - 1)]! <= spans.starts[lane.at(place)]!);
      const widest = Math.max(0, ...made.map(({ began }) => depthAt(spans, table.count, T0 + began)));
      assert.equal(lanes.length, made.length === 0 ? 0 : Math.max(1, widest));
    }),
  );
});

function depthAt(
  { ends, starts }: { starts: Float64Array; ends: Float64Array },
  count: number,
  at: number,
): number {
  let depth = 0;
  for (let index = 0; index < count; index += 1) if (starts[index]! <= at && ends[index]! > at) depth += 1;
  return depth;
}

test("where lanes are not enough each still stands in the order of its starts", () => {
  fc.assert(
    fc.property(attempts, fc.integer({ min: 1, max: 3 }), (made, most) => {
      const table = tableOf(traceOf(made));
      const spans = testSpans(table, T0);
      const lanes = packAsKnown(spans, most);
      assert.equal(
        lanes.reduce((sum, { spans: lane }) => sum + lane.length, 0),
        table.count,
      );
      for (const { reach, spans: lane } of lanes)
        for (let place = 1; place < lane.length; place += 1) {
          assert.ok(spans.starts[lane.at(place - 1)]! <= spans.starts[lane.at(place)]!);
          assert.ok(reach.at(place - 1) <= reach.at(place));
        }
    }),
  );
});

/** So near that no two tests are drawn as one. */
const near = new Scale({ start: T0, end: T0 + END, folds: [], width: END * 1000, view: WHOLE });

/** So far that many are one, and a part of that. */
const axis = { start: T0, end: T0 + END, folds: [], width: 20 };
const far = new Scale({ ...axis, view: WHOLE });
const part = new Scale({ ...axis, view: { kind: "part", from: T0 + 1500, perPixel: 40 } });

/** What is drawn up to a moment, whatever lane it is in. */
function drawnUpTo(table: StepTable, at: number, edge: number, most = 1000): string[] {
  const spans = testSpans(table, T0);
  const seen = {
    from: near.from,
    to: near.to,
    edge,
    isOver: false,
    pixelOf: (time: number) => near.pixelOf(time),
    timeOfPixel: (pixel: number) => near.timeOfPixel(pixel),
  };
  const labelOf = (step: number, when?: number) => testLabel(table, step, when);
  const upTo = near.xOf(at);
  const show = ({ attempt, failed, kind, left, width }: Piece, row: number) =>
    [row, Math.round(left), Math.round(Math.min(upTo, left + width)), kind, failed, attempt].join(" ");
  return packAsKnown(spans, most).flatMap((packed, row) => {
    const lane = { packed, spans, labelOf, marks: marksOf(packed, spans, seen) };
    const { bare, named } = piecesOf(lane, near, at);
    return [...bare, ...named].filter(({ left }) => left <= upTo).map((piece) => show(piece, row));
  });
}

test("up to the playhead the timeline of an evaluation shows what was known there, in the lanes of then", () => {
  fc.assert(
    fc.property(attempts, fc.integer({ min: 0, max: END }), fc.constantFrom(3, 1000), (made, ms, most) => {
      const at = T0 + ms;
      const trace = traceOf(made);
      const then = drawnUpTo(tableOf(cut(trace, at)), at, at, most);
      const now = drawnUpTo(tableOf(trace), at, T0 + END, most);
      assert.deepEqual(now.toSorted(), then.toSorted());
    }),
  );
});

test("a test that was told of at its end is nowhere before that, and from its beginning then", () => {
  const one = {
    test: 7,
    began: 1000,
    took: 2000,
    state: "failed" as const,
    isToldAtEnd: true,
    costUsd: null,
  };
  const table = tableOf(traceOf([one]));
  assert.deepEqual(drawnUpTo(table, T0 + 2999, T0 + END), []);
  assert.deepEqual(drawnUpTo(table, T0 + 3000, T0 + END), ["0 1000000 3000000 failed 0 1"]);
  // No earlier than the run itself.
  assert.equal(testSpans(table, T0 + 1500).starts[0], T0 + 1500);
});

test("what the scores at a moment are follows from what was told by then", () => {
  fc.assert(
    fc.property(attempts, counts, fc.integer({ min: 0, max: END }), (made, counted, ms) => {
      const at = T0 + ms;
      const trace = traceOf(made, counted);
      const [all, then] = [tableOf(trace).tests.scores, tableOf(cut(trace, at)).tests.scores];
      assert.equal(all.by(at), then.length);
      for (const scale of [near, far, part]) {
        const seen = (of: typeof all) => scoresTold(scoresInSight(of, scale), of, at);
        assert.deepEqual(seen(all), seen(then));
        // What is shown follows from when the rate last turned, too.
        assert.deepEqual(scoresTold(scoresInSight(all, scale), all, all.turnBy(at) ?? -1), seen(all));
        const { passRate } = all.tallyBy(Math.min(at, scale.to));
        assert.equal(seen(all).rates.at(-1)?.rate ?? null, passRate);
      }
    }),
  );
});

test("tally, spending and failures at a moment are those of the run as it was then", () => {
  const known = (trace: readonly TraceEvent[], at: number) => {
    const run = evaluation(trace);
    const index = new RunIndex();
    const { steps } = asOf(run, index, at, null);
    const failures = errorTimes(run, index).filter((time) => time <= at);
    return { tally: tallyAt(run, steps), spent: spentAt(index, at), failures: [...failures] };
  };
  fc.assert(
    fc.property(attempts, counts, fc.integer({ min: 0, max: END }), (made, counted, ms) => {
      const trace = traceOf(made, counted);
      assert.deepEqual(known(trace, T0 + ms), known(cut(trace, T0 + ms), Number.POSITIVE_INFINITY));
    }),
  );
});

test("of a test that is run again the newest result counts, and meanwhile the one before", () => {
  const again = { test: 1, took: 100, isToldAtEnd: false, costUsd: 2 };
  const trace = traceOf([
    { ...again, began: 0, state: "failed" },
    { ...again, began: 500, state: "passed" },
    { ...again, test: 2, began: 500, took: 50, state: "skipped" },
  ]);
  const run = evaluation(trace);
  const index = new RunIndex();
  const told = (ms: number) => {
    const tally = tallyAt(run, asOf(run, index, T0 + ms, null).steps);
    return [tally?.done, tally?.passed, tally?.failed, tally?.skipped, tally?.passRate];
  };
  assert.deepEqual(told(99), [0, 0, 0, 0, null]);
  assert.deepEqual(told(100), [1, 0, 1, 0, 0]);
  assert.deepEqual(told(599), [2, 0, 1, 1, 0], "it runs again");
  assert.deepEqual(told(600), [2, 1, 0, 1, 1]);
  assert.deepEqual([...errorTimes(run, index)], [T0 + 100], "skipped is no failure");
  assert.deepEqual(spentAt(index, T0 + 600), { tokens: 30, costs: [{ amount: 6, currency: "USD" }] });
});

test("tests that are all of the run's last moment have no times to be shown, others have", () => {
  const spansOf = (began: number, isToldAtEnd: boolean) => {
    const made = [0, END - began].map((took, name) => {
      return { test: name, began: END - took, took, state: "passed", isToldAtEnd, costUsd: null } as const;
    });
    return testSpans(tableOf(traceOf(made)), T0);
  };
  assert.equal(tellsNoTimes(spansOf(END, false), T0, T0 + END), true);
  assert.equal(tellsNoTimes(spansOf(0, false), T0, T0 + END), false);
  assert.equal(tellsNoTimes(spansOf(0, true), T0, T0 + END), false, "known at the end, but since when too");
  assert.equal(
    tellsNoTimes(spansOf(END, false), T0 + END, T0 + END),
    false,
    "a run without length is all shown",
  );
});
