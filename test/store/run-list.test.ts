import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunsState, RunSummary, WholeRuns } from "../../src/protocol/bundle.ts";
import { applyPatch, type PatchOp } from "../../src/protocol/patch.ts";
import { newestFirst } from "../../src/protocol/run-order.ts";
import { type ListedRun, RunList } from "../../src/store/run-list.ts";
import type { Topic } from "../../src/store/topic.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { freeze } from "../helpers/rfc-records.ts";

const HEAD = 200;

function setUp() {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const list = new RunList(clock, (error) => errors.push(error));
  return { clock, errors, list };
}

function made(number: number, minute: number, fields: Partial<RunSummary> = {}): RunSummary {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const runId = `run-${number}`;
  return {
    runId,
    source: "acpx",
    flowName: "small-talk",
    status: "completed",
    startedAt,
    updatedAt: startedAt,
    path: `/runs/${runId}`,
    ...fields,
  };
}

const ended = (summary: RunSummary): ListedRun => ({ summary, goesOn: false });
const going = (summary: RunSummary): ListedRun => ({
  summary: { ...summary, status: "running" },
  goesOn: true,
});

/** A client of the topic that has nothing but what goes over the wire. */
class Client<State extends WholeRuns> {
  state: State;
  patches = 0;
  bytes = 0;
  readonly #topic: Topic<State>;
  #version: number;
  #epoch: string;

  constructor(topic: Topic<State>) {
    this.#topic = topic;
    const snapshot = topic.snapshot();
    assert.ok(snapshot !== undefined);
    this.#version = snapshot.version;
    this.#epoch = snapshot.epoch;
    this.state = freeze(JSON.parse(snapshot.bytes.toString()).state);
  }

  catchUp(): State {
    this.#topic.flush();
    for (;;) {
      const next = this.#topic.next(this.#epoch, this.#version);
      if (next.kind === "nothing") return this.state;
      assert.ok(next.kind === "patch", next.kind);
      const { ops, toVersion }: { ops: PatchOp[]; toVersion: number } = JSON.parse(
        next.patch.bytes.toString(),
      );
      this.state = freeze(applyPatch(this.state, ops));
      this.#version = toVersion;
      this.patches += 1;
      this.bytes += next.patch.bytes.length;
    }
  }
}

/** The rule, said once more as plainly as can be. */
function headOf(runs: readonly ListedRun[]): RunSummary[] {
  const sorted = runs.toSorted((left, right) => newestFirst(left.summary, right.summary));
  const older = sorted.slice(HEAD).filter(({ goesOn }) => goesOn);
  return [...sorted.slice(0, HEAD), ...older.slice(0, HEAD)].map(({ summary }) => summary);
}

test("P6, P7: whatever comes, changes and goes, the head is the newest and what goes on, and clients have the same", () => {
  const run = fc.record({
    number: fc.nat(600),
    minute: fc.nat(400),
    goesOn: fc.boolean(),
    detail: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
  });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.array(run, { minLength: 1, maxLength: 8 }).map((put) => ({ put })) },
    { weight: 1, arbitrary: fc.array(run, { minLength: 40, maxLength: 200 }).map((put) => ({ put })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ from: fc.nat(600), count: fc.constantFrom(1, 3, 60) })
        .map((remove) => ({ remove })),
    },
  );
  fc.assert(
    fc.property(fc.nat(500), fc.array(step, { maxLength: 12 }), (atFirst, steps) => {
      const { errors, list } = setUp();
      const known = new Map<string, ListedRun>();
      const put = (listed: readonly ListedRun[]) => {
        for (const one of listed) known.set(one.summary.runId, one);
        list.put(listed);
      };
      put(Array.from({ length: atFirst }, (_, number) => ended(made(number, number % 350))));
      const client = new Client<RunsState>(list.head);
      const whole = list.openWhole();
      const oldClient = new Client<WholeRuns>(whole.topic);
      for (const one of steps) {
        if ("put" in one) {
          put(
            one.put.map(({ detail, goesOn, minute, number }) =>
              (goesOn ? going : ended)(
                made(number, minute, detail === undefined ? {} : { statusDetail: detail }),
              ),
            ),
          );
        } else {
          const ids = Array.from(
            { length: one.remove.count },
            (_, place) => `run-${one.remove.from + place}`,
          );
          for (const id of ids) known.delete(id);
          list.remove(ids);
        }
        const expected = headOf([...known.values()]);
        const state = client.catchUp();
        assert.deepEqual(
          state.order,
          expected.map(({ runId }) => runId),
        );
        assert.deepEqual(state.runsById, Object.fromEntries(expected.map((line) => [line.runId, line])));
        assert.equal(state.total, known.size);
        assert.deepEqual(JSON.parse(JSON.stringify(list.head.state)), state);
        const all = [...known.values()].map(({ summary }) => summary).toSorted(newestFirst);
        const wholeState = oldClient.catchUp();
        assert.deepEqual(
          wholeState.order,
          all.map(({ runId }) => runId),
        );
        assert.deepEqual(wholeState.runsById, Object.fromEntries(all.map((line) => [line.runId, line])));
        assert.deepEqual(list.all, all);
      }
      whole.release();
      assert.deepEqual(errors, []);
    }),
    { numRuns: 40 },
  );
});

test("of a run that is put twice at once, the last word counts, though it says what was known before", () => {
  const { list } = setUp();
  list.put([ended(made(0, 0))]);
  list.put([ended(made(0, 1)), ended(made(0, 0))]);
  assert.equal(list.find("run-0")?.startedAt, made(0, 0).startedAt);
});

test("the whole list has the shape it always had; the head says how many there are and what is in the way", () => {
  const { list } = setUp();
  list.put([ended(made(1, 1))]);
  list.setTrouble(["A folder cannot be watched."]);
  const whole = list.openWhole();
  assert.deepEqual(Object.keys(whole.topic.state).toSorted(), ["order", "runsById", "schema"]);
  assert.deepEqual([list.head.state.total, list.head.state.trouble], [1, ["A folder cannot be watched."]]);
  assert.equal(list.head.state.schema, whole.topic.state.schema);
});

test("nobody reads the whole list: there is none; who reads it again gets it as it is by then", () => {
  const { list } = setUp();
  const first = list.openWhole();
  const second = list.openWhole();
  assert.equal(first.topic, second.topic);
  first.release();
  first.release();
  assert.ok(!second.topic.hasEnded, "someone still reads it");
  second.release();
  assert.ok(second.topic.hasEnded);
  list.put([ended(made(1, 1))]);
  const third = list.openWhole();
  assert.notEqual(third.topic, second.topic);
  assert.deepEqual(third.topic.state.order, ["run-1"]);
});

test("P11: what changes nothing in the head sends nothing; a change of a line is that change", () => {
  const { list } = setUp();
  list.put(Array.from({ length: 1_000 }, (_, number) => ended(made(number, number))));
  const client = new Client<RunsState>(list.head);
  list.put([ended(made(5, 5, { status: "failed" }))]);
  list.put([ended(made(999, 999))]);
  client.catchUp();
  assert.equal(client.patches, 0);
  list.put([ended(made(999, 999, { status: "failed" }))]);
  assert.equal(client.catchUp().runsById["run-999"]?.status, "failed");
  assert.equal(client.patches, 1);
  assert.ok(client.bytes < 300, `${client.bytes} bytes`);
});

test("P11: a line that is put again as it was is no work: nothing is even compared with the head", () => {
  const { list } = setUp();
  list.put(Array.from({ length: 300 }, (_, number) => going(made(number, number))));
  const [before, known] = [list.head.state, list.find("run-7")];
  assert.ok(known !== undefined);
  for (let number = 0; number < 300; number += 1) list.put([going({ ...made(number, number) })]);
  assert.equal(list.head.state, before);
  assert.equal(
    list.find("run-7"),
    known,
    "the known line stays, and nothing that follows from it is done again",
  );
  list.put([ended(made(7, 7, { status: "failed" }))]);
  assert.notEqual(list.find("run-7"), known);
});

test("an old run that begins again enters the head, and leaves it when it has ended", () => {
  const { list } = setUp();
  list.put(Array.from({ length: 300 }, (_, number) => ended(made(number, number))));
  const client = new Client<RunsState>(list.head);
  list.put([going(made(7, 7))]);
  assert.equal(client.catchUp().order.at(-1), "run-7");
  assert.equal(client.state.order.length, HEAD + 1);
  list.put([ended(made(7, 7))]);
  assert.equal(client.catchUp().order.length, HEAD);
  assert.ok(!Object.hasOwn(client.state.runsById, "run-7"));
  assert.equal(list.find("run-7")?.status, "completed", "it is still known");
});

test("portions follow each other without a gap, and a search finds what every word is in", () => {
  const { list } = setUp();
  const titles = ["Review PR", "Nightly build", "Fix flaky test"];
  const all = Array.from({ length: 250 }, (_, number) =>
    made(number, number % 50, {
      runTitle: titles[number % 3] ?? "",
      status: number % 5 === 0 ? "failed" : "completed",
    }),
  );
  list.put(all.map(ended));
  const walk = (search: string, limit: number) => {
    const runs: RunSummary[] = [];
    let after: string | undefined;
    for (let count = 0; count < 300; count += 1) {
      const portion = list.portion({ limit, after, search });
      assert.ok(portion !== undefined);
      runs.push(...portion.runs);
      if (portion.next === null) return { runs, total: portion.total };
      assert.equal(portion.runs.length, limit);
      after = portion.next;
    }
    return assert.fail("it never ends");
  };
  fc.assert(
    fc.property(
      fc.constantFrom(
        "",
        "nightly",
        "BUILD failed",
        "run-12",
        "small review",
        "x y",
        "acpx BUILD",
        "flo nightly",
      ),
      fc.integer({ min: 1, max: 260 }),
      (search, limit) => {
        const words = search.toLowerCase().split(" ");
        const expected = all
          .filter((run) =>
            words.every(
              (word) =>
                `${run.runTitle} ${run.flowName} ${run.runId} ${run.status}`.toLowerCase().includes(word) ||
                ["acpx", "flow"].some((kind) => kind.startsWith(word)),
            ),
          )
          .toSorted(newestFirst);
        assert.deepEqual(walk(search, limit), { runs: expected, total: expected.length });
      },
    ),
    { numRuns: 40 },
  );
  assert.equal(list.portion({ limit: 10, after: "nobody", search: "" }), undefined);
  list.put([ended(made(250, 0, { status: "timed_out" }))]);
  assert.equal(list.portion({ limit: 10, after: undefined, search: "timed out flow" })?.total, 1);
  assert.deepEqual(list.portion({ limit: 10, after: undefined, search: "nothing like it" }), {
    runs: [],
    total: 0,
    next: null,
  });
});
