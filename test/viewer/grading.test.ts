import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testFilesAt } from "../../viewer/files/test-files-at.ts";
import { evidenceOf } from "../../viewer/grading/evidence.ts";
import { gradingAt } from "../../viewer/grading/grading-at.ts";
import { looseGradesAt } from "../../viewer/grading/loose-grades-at.ts";
import { scoreOfText, scoreText } from "../../viewer/grading/score.ts";
import { TalkPictures } from "../../viewer/grading/talk-pictures.ts";
import { tookOf } from "../../viewer/grading/took.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { MadeEvaluation } from "./told-evaluation.ts";
import { chunk, prompt, said, T0 } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const EDGE = Number.POSITIVE_INFINITY;
const EXTENT = { around: null, entries: 3, lines: 6 } as const;

function grading(of: MadeEvaluation, step: number, at = EDGE) {
  const run = of.run();
  const index = new RunIndex();
  index.extend(run);
  const { value } = gradingAt(run, index, step, at);
  assert.ok(value !== null);
  return value;
}

/** Everything there is to see of an evaluation's tests, as plain values. */
function shown(served: ServedRun, at: number) {
  const { index } = served;
  const count = index.trace.table.begunBy(at);
  const steps = Array.from({ length: count }, (_, step) => step);
  const talks = new TalkPictures();
  return {
    tests: steps.map((step) => served.bring(() => gradingAt(served.run, index, step, at))),
    talks: steps.map((step) => served.bring(() => talks.at({ run: served.run, index, step, at, ...EXTENT }))),
    files: steps.map((step) => served.bring(() => testFilesAt(served.run, index, step, at))),
    loose: served.bring(() => looseGradesAt(served.run, index, at)),
    failed: index.trace.table.tests.newestFailed(count, at),
    ended: index.trace.table.tests.newestEnded(at),
  };
}

const word = fc.string({ maxLength: 5 });
const grader = fc.record(
  {
    name: word,
    verdict: fc.constantFrom("pass", "fail", "skip", "unheard of"),
    trial: fc.integer({ min: 1, max: 3 }),
    assertions: fc.array(fc.record({ text: word, passed: fc.boolean(), evidence: word }), { maxLength: 2 }),
  },
  { requiredKeys: ["name", "verdict"] },
);
const files = fc.array(fc.record({ role: word, path: fc.constantFrom("a/x.md", "b.json") }), {
  maxLength: 2,
});
const result = fc.record(
  {
    state: fc.constantFrom("passed", "failed", "error", "skipped"),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    error: word,
    files,
  },
  { requiredKeys: ["state"] },
);
const change = fc.record({
  after: fc.nat(3),
  attempt: fc.constantFrom("one#1", "two#1", "one#2", "three#1"),
  what: fc.oneof(
    fc.record({ is: fc.constant("started" as const), since: fc.nat(5) }),
    fc.record({ is: fc.constant("graded" as const), payload: grader, isLoose: fc.boolean() }),
    fc.record({ is: fc.constant("filed" as const), files }),
    fc.record({
      is: fc.constant("ended" as const),
      payload: result,
      words: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 8 }),
    }),
  ),
});

function madeOf(changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[]) {
  const made = new MadeEvaluation();
  let ms = 0;
  const begun = new Set<string>();
  for (const { after, attempt, what } of changes) {
    ms += after;
    // An attempt begins once, and with its own line.
    if (what.is === "started" ? !begun.has(attempt) : begun.has(attempt))
      switch (what.is) {
        case "started":
          begun.add(attempt);
          made.started(ms, attempt, { since: new Date(T0 + ms - what.since).toISOString() });
          break;
        case "graded":
          made.graded(ms, what.isLoose ? null : attempt, what.payload);
          break;
        case "filed":
          made.filed(ms, attempt, what.files);
          break;
        case "ended":
          made.ended(ms, attempt, what.payload, what.words);
      }
  }
  return { made, last: ms };
}

test("at any moment a test shows what was known of it then, however little of the run is held", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 400, size: "max" }),
      fc.nat(100),
      fc.boolean(),
      async (changes, share, isTail) => {
        const { last, made } = madeOf(changes);
        const ms = Math.floor((last * share) / 100);
        const served = new ServedRun(made.run(), (length) => (isTail ? 1 : length));
        await served.learn();
        const fresh = new ServedRun(made.run(ms), (length) => length);
        assert.deepEqual(shown(served, T0 + ms), shown(fresh, EDGE));
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
});

test("a test is told with its graders, trial by trial, and with all attempts at it", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1", { category: "hard", since: new Date(T0 - 500).toISOString() });
  made.started(1, "two#1");
  made.graded(2, "two#1");
  made.graded(3, "one#1", { name: "later", trial: 2 });
  made.graded(4, "one#1", { name: "first", trial: 1, verdict: "fail" });
  made.graded(5, null);
  made.ended(10, "one#1", { state: "failed", score: 0.2, threshold: 0.8 });
  made.started(20, "one#2");

  const first = grading(made, 0);
  assert.deepEqual(
    first.trials.map(({ graders, number }) => [number, graders.map(({ name }) => name)]),
    [
      [1, ["first"]],
      [2, ["later"]],
    ],
  );
  assert.equal(first.trialCount, 2);
  // Who counts from the second on means the first with what has no number.
  made.graded(21, "one#2");
  made.graded(22, "one#2", { name: "again", trial: 2 });
  assert.deepEqual(
    grading(made, 2).trials.map(({ graders, number }) => [number, graders[0]?.name]),
    [
      [1, "says it"],
      [2, "again"],
    ],
  );
  assert.deepEqual([first.state, first.result?.score, first.category], ["failed", 0.2, "hard"]);
  assert.deepEqual(
    first.attempts.map(({ line, state }) => [line, state]),
    [
      [0, "failed"],
      [7, null],
    ],
  );
  assert.equal(tookOf(first), 510);
  // Of what came later nothing is known.
  const before = grading(made, 0, T0 + 3);
  assert.deepEqual([before.state, before.result, before.attempts.length], [null, null, 1]);
  assert.equal(before.trialCount, 2);
  assert.equal(tookOf(before), null);
});

test("files that were written when all was over are the test's from then on", async () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.ended(1, "one#1");
  for (let ms = 2; ms < 900; ms += 1) made.graded(ms, null);
  made.filed(1_000, "one#1", [{ role: "answer", path: "one/answer.md" }]);
  const served = new ServedRun(made.run(), () => 1);
  await served.learn();
  const pathsAt = (at: number) =>
    served.bring(() => testFilesAt(served.run, served.index, 0, at)).rows.map(({ path }) => path);
  assert.deepEqual(pathsAt(T0 + 999), []);
  assert.deepEqual(pathsAt(T0 + 1_000), ["one/answer.md"]);
});

test("a grader that is told again takes the place of the first of its name and trial, whatever its kind", () => {
  const made = new MadeEvaluation();
  const told = () =>
    grading(made, 0).trials.map(({ graders }) => graders.map(({ kind, name }) => `${name} ${kind}`));
  made.started(0, "one#1");
  made.graded(1, "one#1", { name: "says it", kind: "text", trial: 1 });
  made.graded(1, "one#1", { name: "is short", kind: "code", trial: 1 });
  // A transcript tells it before the test's end.
  made.graded(2, "one#1", { name: "says it", kind: "regex", trial: 1, added: true });
  made.ended(2, "one#1");
  assert.deepEqual(told(), [["says it regex", "is short code"]]);
  made.graded(3, "one#1", { name: "is short", kind: "program", trial: 1, added: true });
  made.ended(3, "one#1", { durationMs: 50 });
  assert.deepEqual(told(), [["says it regex", "is short program"]], "what is not told again stays");
  assert.equal(grading(made, 0).result?.durationMs, 50);
});

test("graders of one name that are told in one go are as many", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.graded(1, "one#1", { name: "contains", verdict: "fail" });
  made.graded(1, "one#1", { name: "contains" });
  made.ended(1, "one#1");
  assert.deepEqual(
    grading(made, 0).trials[0]?.graders.map(({ verdict }) => verdict),
    ["fail", "pass"],
  );
});

test("the words of a line are found in the test in which they were said", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.ended(1, "one#1", {}, ["What is 1?", "One."]);
  made.started(2, "two#1");
  made.ended(3, "two#1", {}, ["What is 2?", "Two."]);
  const index = new RunIndex();
  index.extend(made.run());
  const { tests } = index.trace.table;
  assert.deepEqual(tests.attemptOfTalk(2), { step: 0, at: T0 + 1 });
  assert.deepEqual(tests.attemptOfTalk(4), { step: 1, at: T0 + 3 });
  assert.equal(tests.attemptOfTalk(6), null);
});

test("of a long conversation it is told around the words that are looked for, or from the beginning", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.ended(1, "one#1", {}, ["Begin.", "First."]);
  made.started(2, "two#1");
  for (let turn = 0; turn < 150; turn += 1) {
    made.talk.push(
      said(0, 3, prompt(turn, `Ask ${turn}`)),
      said(0, 3, chunk("agent_message", `Say ${turn}`)),
    );
  }
  made.ended(3, "two#1", { talk: [3, 303] });
  const run = made.run();
  const index = new RunIndex();
  index.extend(run);
  const told = (around: number | null, entries: number) => {
    const { value } = new TalkPictures().at({ run, index, step: 1, at: EDGE, around, entries, lines: 400 });
    assert.ok(value !== null);
    const words = value.turns.flatMap((turn) => turn.entries.map((entry) => "text" in entry && entry.text));
    return { words, before: value.before, isMore: value.isMore, turn: value.turns[0]?.number };
  };
  assert.deepEqual(told(null, 3), { words: ["Ask 0", "Say 0", "Ask 1"], before: 0, isMore: true, turn: 1 });
  const around = told(3 + 201, 21);
  assert.deepEqual([around.words.at(-1), around.before, around.turn], ["Say 100", 181, 91]);
  assert.equal(told(3 + 50, 10).before, 0, "what stands near the beginning is told from there");
  assert.deepEqual([told(3 + 299, 30).words.at(-1), told(3 + 299, 30).isMore], ["Say 149", false]);
});

test("evidence is told as what was expected and what was there, where it says so", () => {
  const pairs = (text: string) => {
    const evidence = evidenceOf(text);
    return evidence.is === "pairs"
      ? evidence.pairs.map(({ name, side, value }) => [name, side, value])
      : evidence.is;
  };
  const both = [
    ["expected", "expected", "undefined"],
    ["answer", "answer", "The result is 0."],
  ];
  assert.deepEqual(pairs('{"expected": "undefined", "answer": "The result is 0."}'), both);
  assert.deepEqual(pairs("Expected: undefined\nAnswer: The result is 0."), both);
  assert.deepEqual(pairs("Expected 4, but got 5"), [
    ["expected", "expected", "4"],
    ["got", "answer", "5"],
  ]);
  assert.deepEqual(pairs('{"expected": 4, "actual": {"n": 5}, "diff": 1}'), [
    ["expected", "expected", "4"],
    ["actual", "answer", '{"n":5}'],
    ["diff", "other", "1"],
  ]);
  assert.equal(pairs('{"calls": 3}'), "json");
  assert.equal(pairs("[1, 2]"), "json");
  assert.equal(pairs("[1, 2"), "text");
  assert.equal(pairs("We expected more: it got worse\nand worse"), "text");
  assert.equal(pairs("http://a.test: down\nhttp://b.test: up"), "text");
  assert.equal(pairs("[".repeat(200_000)), "text");
});

test("a score is read to two places, and never as a whole one where it is not", () => {
  assert.deepEqual([0, 0.2, 0.996, 1].map(scoreText), ["0.00", "0.20", "0.99", "1.00"]);
  assert.equal(scoreOfText(0.2, 0.8), "0.20 of 0.80");
  assert.equal(scoreOfText(0.2, null), "0.20");
});
