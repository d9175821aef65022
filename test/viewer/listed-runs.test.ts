import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HEAD_RUNS, type RunSummary } from "../../src/protocol/bundle.ts";
import type { RunsPortion } from "../../src/protocol/portion.ts";
import { RunList } from "../../src/store/run-list.ts";
import { ListedRuns } from "../../viewer/catalog/listed-runs.ts";
import type { PortionAsk } from "../../viewer/live/ask-portion.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const TITLES = ["Review PR", "Nightly build", "Fix flaky test"];

function made(number: number, fields: Partial<RunSummary> = {}): RunSummary {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
  return {
    runId: `run-${String(number).padStart(5, "0")}`,
    source: "acpx",
    flowName: "f",
    runTitle: TITLES[number % 3] ?? "",
    status: "completed",
    startedAt,
    updatedAt: startedAt,
    path: "/runs",
    ...fields,
  };
}

interface Question {
  readonly asked: PortionAsk;
  readonly signal: AbortSignal;
  answer(): Promise<void>;
  fail(): Promise<void>;
}

/** The server's own list, a page's list of it, and between them questions that wait for the test. */
function setUp(count: number) {
  const clock = new ManualClock(0);
  const server = new RunList(clock, assert.ifError);
  const put = (run: RunSummary, goesOn = false) => {
    server.put([{ summary: run, goesOn }]);
    listed.setHead(server.head.state);
  };
  const open: Question[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const listed = new ListedRuns({
    ask: (asked, signal) =>
      new Promise<RunsPortion | null>((resolve, reject) => {
        const done = (finish: () => void) => {
          open.splice(open.indexOf(question), 1);
          finish();
          return settle();
        };
        const question: Question = {
          asked,
          signal,
          answer: () =>
            done(() => resolve(server.portion({ ...asked, after: asked.after ?? undefined }) ?? null)),
          fail: () => done(() => reject(new Error("away"))),
        };
        open.push(question);
      }),
    after: (ms, task) => clock.after(ms, task),
    changed: () => {},
  });
  server.put(Array.from({ length: count }, (_, number) => ({ summary: made(number), goesOn: false })));
  listed.setHead(server.head.state);
  const ids = () => listed.view().runs.map(({ runId }) => runId);
  /** Lets time pass, and answers whatever is asked, until nothing is left to do. */
  const rest = async () => {
    for (let round = 0; round < 50; round += 1) {
      clock.advance(500);
      await settle();
      if (open.length === 0 && round > 1) return;
      await open[0]?.answer();
    }
    assert.fail("it asks for ever");
  };
  return { clock, server, listed, open, put, ids, rest, settle };
}

test("the head is there at once; older runs come by portions, up to the end", async () => {
  const { ids, listed, open, rest } = setUp(450);
  assert.equal(ids().length, HEAD_RUNS);
  const view = listed.view();
  assert.deepEqual([view.to, view.total, view.gapAfter?.runId], [200, 450, "run-00250"]);
  listed.more();
  assert.deepEqual(
    open.map(({ asked }) => asked),
    [{ search: "", limit: 200, after: "run-00250" }],
  );
  assert.equal(listed.view().state, "asking");
  listed.more();
  assert.equal(open.length, 1, "one question at a time");
  await rest();
  assert.deepEqual([ids().length, listed.view().to, listed.view().gapAfter?.runId], [400, 400, "run-00050"]);
  listed.more();
  await rest();
  assert.deepEqual([ids().length, listed.view().gapAfter], [450, null]);
  assert.deepEqual(
    ids(),
    Array.from({ length: 450 }, (_, place) => made(449 - place).runId),
  );
});

test("rows are bounded: the newest make room, and come back", async () => {
  const { listed, rest } = setUp(1_500);
  for (let clicks = 0; clicks < 5; clicks += 1) {
    listed.more();
    await rest();
  }
  const { from, to } = listed.view();
  assert.deepEqual([from, to], [600, 1_200]);
  listed.newer();
  assert.deepEqual([listed.view().from, listed.view().to], [400, 1_000]);
  for (let clicks = 0; clicks < 5; clicks += 1) listed.newer();
  assert.deepEqual([listed.view().from, listed.view().to], [0, 600]);
});

test("what is held is searched at once, the rest by the server after a moment", async () => {
  const { clock, ids, listed, open, rest } = setUp(450);
  listed.type("nightly");
  assert.equal(ids().length, 67, "of the head");
  assert.equal(listed.view().state, "asking");
  assert.equal(open.length, 0);
  clock.advance(119);
  assert.equal(open.length, 0);
  clock.advance(1);
  assert.deepEqual(
    open.map(({ asked }) => asked),
    [{ search: "nightly", limit: 200, after: null }],
  );
  await rest();
  assert.deepEqual([ids().length, listed.view().total, listed.view().gapAfter], [150, 150, null]);
  listed.type("");
  assert.equal(ids().length, HEAD_RUNS);
});

test("the latest answer wins, in whatever order they come", async () => {
  const { clock, ids, listed, open, rest } = setUp(450);
  listed.type("nightly");
  clock.advance(120);
  listed.type("flaky");
  clock.advance(120);
  const [slow, quick] = open;
  assert.ok(slow !== undefined && quick !== undefined);
  assert.ok(slow.signal.aborted);
  await quick.answer();
  const expected = ids();
  await slow.answer();
  assert.deepEqual(ids(), expected);
  assert.equal(expected.length, 150);
  assert.ok(listed.view().runs.every(({ runTitle }) => runTitle === "Fix flaky test"));
  await rest();
});

test("where everything is held nothing is asked", async () => {
  const { clock, ids, listed, open } = setUp(150);
  listed.type("nightly");
  clock.advance(1_000);
  assert.equal(open.length, 0);
  assert.deepEqual([ids().length, listed.view().total, listed.view().state], [50, 50, "idle"]);
});

test("what leaves the head is held on where older ones are, and what changes in the head is fresh", async () => {
  const { ids, listed, put, rest } = setUp(450);
  listed.more();
  await rest();
  for (let number = 450; number < 460; number += 1) put(made(number));
  assert.equal(ids().length, 410, "no gap");
  put(made(249, { runTitle: "Goes on", status: "running" }), true);
  assert.equal(listed.view().runs.find(({ runId }) => runId === "run-00249")?.runTitle, "Goes on");
  put(made(249, { runTitle: "Went on" }));
  await rest();
  assert.equal(listed.view().runs.find(({ runId }) => runId === "run-00249")?.runTitle, "Went on");
});

test("what leaves the head while the older ones are read anew is not lost", async () => {
  const { clock, ids, listed, open, put, rest, server } = setUp(450);
  listed.more();
  await rest();
  server.remove(["run-00000"]);
  listed.setHead(server.head.state);
  clock.advance(400);
  assert.equal(open.length, 1);
  put(made(450));
  await rest();
  assert.ok(ids().includes("run-00250"));
});

test("a failure is said, and another try or the next news asks again", async () => {
  const { listed, open, put, rest, ids } = setUp(450);
  listed.more();
  await open[0]?.fail();
  assert.equal(listed.view().state, "failed");
  listed.retry();
  await open[0]?.fail();
  put(made(450));
  await rest();
  assert.equal(listed.view().state, "idle");
  assert.ok(ids().length >= 400);
});

test("whatever happens to the runs: at rest what is shown is the server's list, without a gap", async () => {
  const change = fc.oneof(
    { weight: 3, arbitrary: fc.nat(699).map((number) => ({ kind: "put" as const, number })) },
    { weight: 2, arbitrary: fc.nat(699).map((number) => ({ kind: "going" as const, number })) },
    { weight: 2, arbitrary: fc.nat(699).map((number) => ({ kind: "remove" as const, number })) },
    { weight: 1, arbitrary: fc.constant({ kind: "more" as const, number: 0 }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("", "nightly", "review completed")
        .map((text) => ({ kind: "type" as const, number: 0, text })),
    },
    { weight: 2, arbitrary: fc.nat(700).map((number) => ({ kind: "wait" as const, number })) },
    { weight: 2, arbitrary: fc.constant({ kind: "answer" as const, number: 0 }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
      const { clock, ids, listed, open, put, rest, server, settle } = setUp(500);
      let search = "";
      listed.more();
      for (const one of changes) {
        switch (one.kind) {
          case "put":
            put(made(one.number, { statusDetail: String(clock.now()) }));
            break;
          case "going":
            put(made(one.number, { status: "running" }), true);
            break;
          case "remove":
            server.remove([made(one.number).runId]);
            listed.setHead(server.head.state);
            break;
          case "more":
            listed.more();
            break;
          case "type":
            search = one.text;
            listed.type(one.text);
            break;
          case "wait":
            clock.advance(one.number);
            await settle();
            break;
          case "answer":
            await open[0]?.answer();
            break;
        }
      }
      await rest();
      // An ended run that changes unseen is told to nobody; what exists and its order is.
      const view = listed.view();
      const all: string[] = [];
      for (let after: string | undefined; ;) {
        const portion = server.portion({ limit: 500, after, search });
        assert.ok(portion !== undefined);
        all.push(...portion.runs.map(({ runId }) => runId));
        if (portion.next === null) break;
        after = portion.next;
      }
      const end = view.gapAfter === null ? all.length : all.indexOf(view.gapAfter.runId) + 1;
      const shown = ids();
      assert.deepEqual(shown.slice(0, end), all.slice(0, end));
      assert.ok(shown.every((id) => all.includes(id)));
      assert.ok(view.gapAfter !== null || shown.length === all.length);
      listed.close();
    }),
    { numRuns: 100 },
  );
});
