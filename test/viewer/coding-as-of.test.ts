import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunState } from "../../src/protocol/bundle.ts";
import { NO_USAGE, totalTokens } from "../../src/protocol/usage.ts";
import { sessionFacts } from "../../viewer/coding/session-at.ts";
import { turnDetails } from "../../viewer/coding/turn-at.ts";
import { costWords } from "../../viewer/coding/usage-words.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { T0 } from "./made-run.ts";
import { busySession, MadeSession } from "./made-session.ts";

const made = busySession();
const LONG = 90_000;
const FILTER = { text: "", types: new Set<string>(), heartbeats: false };

/** All that the page shows of a coding session, as plain values. */
function shown(run: RunState, at: number, index = new RunIndex()) {
  const view = asOf(run, index, at, null);
  const turns = Array.from({ length: view.steps.count }, (_, step) => ({
    attempt: view.steps.table.attempt(step, at, null),
    ...turnDetails(index, step, at),
  }));
  const talk = Object.keys(run.sessions).map((id) => {
    const session = run.sessions[id];
    assert.ok(session !== undefined);
    const only = { ...run, sessions: { [id]: session } };
    const picture = new ConversationPictures().at({ run: only, index, at, portions: 1, hold: null });
    assert.ok(picture.isReady);
    return picture.value?.turns ?? [];
  });
  return { turns, facts: sessionFacts(run, index, at), talk: talk.filter((each) => each.length > 0) };
}

test("what is shown of a session at T is what its files cut at T would show", () => {
  const whole = made.run();
  const index = new RunIndex();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LONG }), (ms) => {
      assert.deepEqual(shown(whole, T0 + ms, index), shown(made.run(ms), Number.POSITIVE_INFINITY));
    }),
  );
});

test("how much of a plan was used up shows from when it was told", () => {
  const limit = { name: "primary", usedPercent: 40, windowMinutes: 300, resetsAt: null, at: T0 + 40_000 };
  const run = made.run(LONG, { planLimits: [limit] });
  const index = new RunIndex();
  index.extend(run);
  const limitsAt = (ms: number) => sessionFacts(run, index, T0 + ms)?.limits;
  assert.deepEqual([39_999, 40_000].map(limitsAt), [[], [limit]]);
  assert.deepEqual(sessionFacts(run, index, Number.POSITIVE_INFINITY)?.limits, [limit]);
});

test("while its beginning alone was read, no turn of later is taken for one that was", () => {
  const whole = made.run();
  const read: RunState = { ...whole, trace: made.run(40_000).trace, reading: { done: 1, of: 2 } };
  const index = new RunIndex();
  index.extend(read);
  const { table } = index.session("main");
  const turns = Array.from({ length: table.turnCount }, (_, place) => ({
    line: table.turnLine(place),
    at: table.turnTime(place),
  }));
  const names = () => turns.map((turn) => index.stepOfTurn("main", turn)?.nodeId ?? null);
  assert.deepEqual(names(), ["turn-1", null, null, null]);
  const calls = () => turnDetails(index, 0, Number.POSITIVE_INFINITY).calls?.count ?? null;
  assert.equal(calls(), null, "those of the next turns are not told apart yet");
  index.extend(whole);
  assert.equal(calls(), 4);
  assert.deepEqual(names(), ["turn-1", "turn-2", "turn-3", "turn-4"]);
});

test("while its beginning alone was read, nothing is said of later but what is told of it", () => {
  const whole = made.run();
  const read: RunState = { ...whole, trace: made.run(40_000).trace, reading: { done: 1, of: 2 } };
  const index = new RunIndex();
  const told = (ms: number) => {
    const { status } = asOf(read, index, T0 + ms, null);
    return [status, sessionFacts(read, index, T0 + ms)?.isPartial];
  };
  assert.deepEqual(told(35_000), ["running", false]);
  assert.deepEqual(told(36_000), ["idle", false]);
  assert.deepEqual(told(52_000), ["running", true]);
  index.extend(whole);
  assert.equal(sessionFacts(whole, index, T0 + 52_000)?.isPartial, false);
});

test("usage adds up, and what is repeated or unpriced is told apart", () => {
  const run = made.run();
  const index = new RunIndex();
  const { facts, turns } = shown(run, Number.POSITIVE_INFINITY, index);
  assert.ok(facts !== null);
  assert.equal(facts.usage.costUsd?.toFixed(3), "0.344");
  assert.equal(facts.usage.unpricedTokens, 780);
  assert.equal(facts.repeated.costUsd, 0.5);
  const tokens = turns.reduce((sum, { usage }) => sum + totalTokens(usage), 0);
  assert.equal(totalTokens(facts.usage), tokens);
  const byModel = facts.models.reduce((sum, { usage }) => sum + totalTokens(usage), 0);
  assert.equal(byModel, tokens);
  assert.equal(facts.model, "claude-sonnet-4-5");
  assert.deepEqual(
    facts.sessions.map(({ agent, name }) => [name, agent?.number ?? null]),
    [
      ["main", null],
      ["agent-a1", 1],
      ["agent-b2", 2],
    ],
  );
});

test("a turn's calls are summed by the name of the tool, or where none is told by what it does", () => {
  const made = new MadeSession()
    .prompt(1000, "One")
    .call(2000, "a", "ls", "execute", undefined, "Bash")
    .result(3000, "a", "fine")
    .call(4000, "b", "grep", "execute", undefined, "Bash")
    .call(5000, "c", "a job", "execute", undefined, "Task")
    .call(6000, "d", "unnamed");
  const [turn] = shown(made.run(), Number.POSITIVE_INFINITY).turns;
  assert.deepEqual(
    turn?.tools?.map(({ count, name, open }) => [name, count, open]),
    [
      ["Bash", 2, 1],
      ["Task", 1, 1],
      ["execute", 1, 1],
    ],
  );
});

test("a price that nobody knows is called so, and is never nothing", () => {
  assert.equal(costWords(NO_USAGE), null);
  assert.equal(costWords({ ...NO_USAGE, outputTokens: 5, unpricedTokens: 5 }), "unpriced");
  assert.equal(costWords({ ...NO_USAGE, outputTokens: 5, costUsd: 0 }), "$0.00");
  assert.equal(
    costWords({ ...NO_USAGE, outputTokens: 9, costUsd: 0.2, unpricedTokens: 5 }),
    "$0.20 + unpriced",
  );
});

test("each turn has its own calls, failures, subagents and marks", () => {
  const { turns } = shown(made.run(), Number.POSITIVE_INFINITY);
  assert.deepEqual(
    turns.map(({ agents, calls, marks, number, title }) => [
      number,
      title.slice(0, 8),
      calls?.count,
      calls?.failed,
      agents,
      marks.map(({ mark }) => mark).join(" "),
    ]),
    [
      [1, "Make the", 4, 1, 2, "retry compacted"],
      [2, "Now the ", 1, 0, 0, "model aborted"],
      [3, "Skip the", 0, 0, 0, "error"],
      [4, "Go on", 1, 0, 0, ""],
    ],
  );
  assert.deepEqual(
    turns.map(({ attempt }) => attempt.outcome),
    ["ok", "cancelled", "failed", null],
  );
});

test("only a turn that failed is a failure", () => {
  const index = new RunIndex();
  index.extend(made.run());
  const { table } = index.trace;
  assert.deepEqual(
    [0, 1, 2, 3].map((step) => table.isFailed(step)),
    [false, false, true, false],
  );
});

test("between two turns a session is idle", () => {
  const index = new RunIndex();
  const run = made.run();
  assert.equal(asOf(run, index, T0 + 40_000, null).status, "idle");
  assert.equal(asOf(run, index, T0 + 52_000, null).status, "running");
});

test("whole answers of a transcript are paragraphs of their own, and notices stand between them", () => {
  const run = made.run();
  const [main] = shown(run, Number.POSITIVE_INFINITY).talk;
  const entries = main?.flatMap((turn) => turn.entries) ?? [];
  const answers = entries.filter((entry) => entry.kind === "agent").map(({ text }) => text);
  assert.equal(answers[0], "I look at how coupons are applied.\n\nThen I run the tests.");
  const notices = entries
    .filter((entry) => entry.kind === "notice")
    .map(({ text, tone }) => `${tone} ${text}`);
  assert.ok(notices.includes("quiet Retry 1 of 10 in 2 s: overloaded"));
  assert.ok(notices.includes("bad API error: 529 overloaded"));
});

test("records that nobody knows are events of a type of their own, and no part of the conversation", () => {
  const run = made.run();
  const index = new RunIndex();
  index.extend(run);
  const asked = { limit: 1000, depth: 1000, first: null, filter: FILTER };
  const { types = new Map() } = newestRows(run, index, Number.POSITIVE_INFINITY, asked).value ?? {};
  assert.equal(types.get("record: file-history-snapshot"), 1);
  assert.equal(types.get("notice"), 3);
});

test("who is asked again goes on, and has an end only with the last of it", () => {
  const again = new MadeSession()
    .prompt(0, "Ask it twice")
    .agent(10, "agent-a", "Helper", "call-1")
    .agentOver(20, "agent-a")
    .agent(30, "agent-a", "Helper", "call-2")
    .agentOver(50, "agent-a");
  const index = new RunIndex();
  index.extend(again.run());
  const { agents } = index.trace.table;
  const endAt = (ms: number) => agents.ofSession("agent-a", T0 + ms)?.endedAt ?? null;
  assert.deepEqual([15, 25, 35, 60].map(endAt), [null, T0 + 20, null, T0 + 50]);
  assert.equal(agents.count, 1);
});
