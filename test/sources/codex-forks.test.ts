import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodexSession } from "../../scripts/demo/codex-run.ts";
import { countedOnce, factsOf, HandClock, only, recordsOf, startCodex } from "../helpers/codex-session.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** So much each time, in every thread: nothing but the thread tells the answers apart. */
const SAME = { input: 1_000, cached: 400, output: 50 };

async function turn(session: CodexSession, clock: HandClock, answers: number): Promise<void> {
  clock.pass(5_000);
  await session.prompt("Go on");
  for (let answer = 0; answer < answers; answer += 1) {
    clock.pass(2_000);
    await session.say("Yes");
    await session.tokens(SAME);
  }
  await session.endTurn();
}

async function read(...sessions: readonly CodexSession[]) {
  return Promise.all(sessions.map(async ({ file }) => factsOf(await recordsOf(file))));
}

test("a fork tells its parent's answers again, and they count once; what both go on with counts in each", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  await turn(parent, clock, 3);
  clock.pass(60_000);
  const fork = await startCodex(dir, clock, { from: parent });
  await turn(parent, clock, 2);
  await turn(fork, clock, 2);
  const [ofParent = [], ofFork = []] = await read(parent, fork);
  assert.deepEqual(
    only(ofFork, "usage").map(({ isCopied }) => isCopied),
    [true, true, true, false, false],
  );
  assert.deepEqual(countedOnce([ofParent, ofFork]), { answers: 7, input: 7_000, output: 350 });
  // The same whichever file is read first, and the fork alone has its parent's keys.
  assert.deepEqual(countedOnce([ofFork, ofParent]), countedOnce([ofParent, ofFork]));
  const keys = new Set(only(ofParent, "usage").map(({ key }) => key));
  assert.deepEqual(
    only(ofFork, "usage").map(({ key }) => keys.has(key)),
    [true, true, true, false, false],
  );
  assert.deepEqual(
    only(ofFork, "about").map(({ about }) => about.sessionId),
    [fork.id],
  );
  assert.equal(only(ofFork, "answer").length, 2);
});

test("the fork of a fork tells the answers of both, each under the thread it was of", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  await turn(parent, clock, 2);
  clock.pass(60_000);
  const fork = await startCodex(dir, clock, { from: parent });
  await turn(parent, clock, 2);
  await turn(fork, clock, 2);
  clock.pass(60_000);
  const grandchild = await startCodex(dir, clock, { from: fork });
  await turn(fork, clock, 1);
  await turn(grandchild, clock, 1);
  const files = await read(parent, fork, grandchild);
  assert.equal(only(files[2] ?? [], "usage").length, 5);
  assert.deepEqual(countedOnce(files), { answers: 8, input: 8_000, output: 400 });
});

test("subagents that begin at nothing, at the same time and with the same numbers, all count", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  await turn(parent, clock, 2);
  const spawnedBy = { thread: parent.id };
  const one = await startCodex(dir, clock, { spawnedBy });
  clock.pass(3);
  const other = await startCodex(dir, clock, { spawnedBy });
  await turn(one, clock, 2);
  await turn(other, clock, 2);
  assert.deepEqual(countedOnce(await read(parent, one, other)), { answers: 6, input: 6_000, output: 300 });
});

test("a subagent that was given its parent's history has it stamped anew, and counts what is its own", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  await turn(parent, clock, 4);
  const agent = await startCodex(dir, clock, { from: parent, spawnedBy: { thread: parent.id } });
  await turn(agent, clock, 1);
  await turn(parent, clock, 1);
  const [ofParent = [], ofAgent = []] = await read(parent, agent);
  assert.deepEqual(countedOnce([ofParent, ofAgent]), { answers: 6, input: 6_000, output: 300 });
  // Its parent's turns are none of its own: it is not over with the first of them.
  assert.equal(only(ofAgent, "turn-over").length, 1);
});

test("a subagent that goes on with its parent's total, without its history, counts its own answers", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  await turn(parent, clock, 2);
  const agent = await startCodex(dir, clock, { spawnedBy: { thread: parent.id } });
  const goOn = (calls: number) => {
    const total = {
      input_tokens: 1_000 * calls,
      cached_input_tokens: 400 * calls,
      output_tokens: 50 * calls,
    };
    const last = { input_tokens: 1_000, cached_input_tokens: 400, output_tokens: 50 };
    const info = { total_token_usage: total, last_token_usage: last };
    return agent.write("event_msg", { type: "token_count", info });
  };
  clock.pass(3_000);
  await agent.prompt("Look at the tests");
  // Its parent's last total, told once more before it has said anything, is no answer of its own.
  const told = { input_tokens: 2_000, cached_input_tokens: 800, output_tokens: 100, total_tokens: 2_100 };
  const info = { total_token_usage: told, last_token_usage: { input_tokens: 1_000, total_tokens: 1_000 } };
  await agent.write("event_msg", { type: "token_count", info });
  clock.pass(3_000);
  await agent.say("They pass");
  await goOn(3);
  clock.pass(3_000);
  await goOn(4);
  await turn(parent, clock, 2);
  assert.equal(countedOnce(await read(parent, agent)).answers, 6);
});

test("a history that keeps its stamps, and no turn's id, is its parent's by its time", () => {
  const line = (timestamp: string, type: string, payload: object) => ({ timestamp, type, payload });
  const count = (timestamp: string, calls: number) =>
    line(timestamp, "event_msg", {
      type: "token_count",
      info: {
        total_token_usage: { input_tokens: 100 * calls, output_tokens: calls },
        last_token_usage: { input_tokens: 100, output_tokens: 1 },
      },
    });
  const meta = (id: string, timestamp: string, more = {}) =>
    line(timestamp, "session_meta", { id, timestamp, cwd: "/work", ...more });
  const parent = [
    meta("one", "2026-03-02T09:00:00Z"),
    count("2026-03-02T09:00:10Z", 1),
    count("2026-03-02T09:00:20Z", 2),
  ];
  const fork = [
    meta("two", "2026-03-02T10:00:00Z", { forked_from_id: "one" }),
    ...parent,
    count("2026-03-02T10:00:05Z", 3),
  ];
  const goesOn = [...parent, count("2026-03-02T11:00:00Z", 3)];
  const stampedAnew = fork.map((record, index) =>
    index === fork.length - 1 ? record : { ...record, timestamp: "2026-03-02T10:00:00.120Z" },
  );
  for (const copy of [fork, stampedAnew])
    assert.deepEqual(countedOnce([factsOf(goesOn), factsOf(copy)]), { answers: 4, input: 400, output: 4 });
});

test("ids that look as if they had a time in them, and have none, take nothing from a fork", () => {
  const line = (timestamp: string, type: string, payload: object) => ({ timestamp, type, payload });
  const usage = { input_tokens: 100, output_tokens: 1 };
  const info = { total_token_usage: { ...usage, input_tokens: 900 }, last_token_usage: usage };
  const id = "0190aaaa-0000-7000-8000-00000000000";
  const facts = factsOf([
    line("2026-03-02T10:00:00Z", "session_meta", {
      id: `${id}2`,
      timestamp: "2026-03-02T10:00:00Z",
      forked_from_id: `${id}1`,
    }),
    line("2026-03-02T10:00:02Z", "turn_context", { turn_id: `${id}3`, model: "gpt-5.4" }),
    line("2026-03-02T10:00:04Z", "response_item", { type: "reasoning", summary: [] }),
    line("2026-03-02T10:00:05Z", "event_msg", { type: "token_count", info }),
  ]);
  assert.deepEqual(
    only(facts, "usage").map(({ isCopied, key }) => [isCopied, key.includes(`${id}2`)]),
    [[false, true]],
  );
});
