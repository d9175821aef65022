import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";
import type { PatchOp } from "../../src/protocol/patch.ts";
import { applyPatch } from "../../src/protocol/patch.ts";
import { type RunState, reviveRun } from "../../src/protocol/bundle.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";
import { FollowSession } from "../../src/sources/coding/follow-session.ts";
import { FactQueue, merged } from "../../src/sources/coding/merged-facts.ts";
import { TraceWriter } from "../../src/sources/coding/trace-writer.ts";
import { SignsOfLife } from "../../src/sources/signs-of-life.ts";
import { createDraft } from "../../src/store/draft.ts";
import { emptyRun } from "../../src/store/empty-run.ts";
import { Following } from "../helpers/following.ts";
import { madeFormat, madeLines, type MadeRecord } from "../helpers/made-format.ts";
import { answered } from "../helpers/made-sessions.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { WholeDigests } from "../helpers/whole-digests.ts";

const startedAt = Date.parse("2026-01-02T03:04:05.000Z");
const after = (seconds: number) => new Date(startedAt + seconds * 1_000).toISOString();

async function follow(t: TestContext, records: readonly MadeRecord[], others: readonly string[] = []) {
  const place = join(await tempDir(t), "a.made");
  await writeFile(place, madeLines(records));
  const digests = new WholeDigests(madeFormat);
  for (const key of others) digests.others.add(key);
  const following = new Following(codingSource(madeFormat, digests, new ManualClock(Date.now())), place);
  await following.read();
  return { following, place };
}

const told = (state: RunState) =>
  [...state.trace].map((line) => [line?.type, line?.attemptId ?? null, line?.payload ?? {}]);

test("A turn begins with a prompt and ends once, at the latest as the next one begins", async (t) => {
  const { following } = await follow(t, [
    { t: after(0), do: "use", key: "a0", tokens: 1 },
    { t: after(1), do: "ask", text: "Do this,\nplease" },
    { t: after(2), do: "ask", text: "No, that" },
    { t: after(3), do: "end" },
    { t: after(3), do: "end" },
    { t: after(4), do: "use", key: "a1", tokens: 2 },
  ]);
  const usage = (outputTokens: number) => ({
    model: "m",
    usage: {
      inputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens,
      costUsd: outputTokens / 1_000,
      unpricedTokens: 0,
    },
  });
  assert.deepEqual(told(following.state), [
    ["usage_recorded", null, usage(1)],
    ["turn_started", "turn-1#1", { number: 1, title: "Do this, please" }],
    ["acp_prompt_prepared", "turn-1#1", {}],
    ["turn_ended", "turn-1#1", { outcome: "interrupted" }],
    ["turn_started", "turn-2#1", { number: 2, title: "No, that" }],
    ["acp_prompt_prepared", "turn-2#1", {}],
    ["turn_ended", "turn-2#1", { outcome: "ok" }],
    ["usage_recorded", null, usage(2)],
  ]);
  assert.deepEqual(
    [...following.state.steps].map((step) => [step?.attemptId, step?.outcome, step?.promptText]),
    [
      ["turn-1#1", "interrupted", "Do this, please"],
      ["turn-2#1", "ok", "No, that"],
    ],
  );
});

test("What an answer took is told as what is new of it, so lines add up; another session's is told apart", async (t) => {
  const { following } = await follow(
    t,
    [
      { t: after(0), do: "ask", text: "Go" },
      { t: after(1), do: "use", key: "a", tokens: 10 },
      { t: after(2), do: "use", key: "b", tokens: 7 },
      { t: after(3), do: "use", key: "a", tokens: 10 },
      { t: after(4), do: "use", key: "a", tokens: 4 },
      { t: after(5), do: "use", key: "a", tokens: 25 },
    ],
    ["b"],
  );
  const lines = [...following.state.trace].filter((line) => line?.type === "usage_recorded");
  const of = (line: (typeof lines)[number]) => Object(line?.payload?.["usage"]).outputTokens;
  assert.deepEqual(lines.map(of), [10, 7, 15]);
  assert.deepEqual(
    lines.map((line) => line?.payload?.["repeated"] ?? false),
    [false, true, false],
  );
});

test("A subagent is told of from its own first record, by the call that started it", async (t) => {
  const { following, place } = await follow(t, [
    { t: after(0), do: "ask", text: "Go" },
    { t: after(1), do: "call", id: "c1", kind: "other" },
    { t: after(1), do: "agent", id: "helper", call: "c1", over: false },
    { t: after(9), do: "agent", id: "helper", call: "c9", over: true },
    { t: after(9), do: "done", id: "c1" },
  ]);
  assert.deepEqual(
    told(following.state).filter(([type]) => String(type).startsWith("agent")),
    [],
  );
  await mkdir(place.replace(".made", ""));
  const lines = madeLines([
    { t: after(2), do: "ask", text: "Help" },
    { t: after(3), do: "use", key: "h1", tokens: 5 },
  ]);
  await writeFile(join(place.replace(".made", ""), "helper.made"), lines);
  await following.read();
  const expected = { name: "the helper", call: "c1", parent: "main" };
  assert.deepEqual(following.state.sessions["helper"]?.binding, expected);
  assert.deepEqual(
    told(following.state)
      .slice(-3)
      .map(([type, , payload]) => [type, type === "agent_started" ? payload : {}]),
    [
      ["agent_started", expected],
      ["agent_ended", {}],
      ["usage_recorded", {}],
    ],
  );
});

test("Facts of several files are told by their times, those of one file in their order", () => {
  const times = fc.array(fc.nat(20), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), (files) => {
      const queues = files.map((ats, number) => {
        const queue = new FactQueue(String(number));
        for (const at of ats) queue.push({ is: "answer", at: at + 1, text: "" });
        queue.isPending = false;
        return queue;
      });
      const all = [...merged(queues)];
      assert.equal(all.length, files.flat().length);
      for (const [index, { at }] of all.entries()) assert.ok(at >= (all[index - 1]?.at ?? 0));
      for (const [number, ats] of files.entries())
        assert.deepEqual(
          all.filter(({ session }) => session === String(number)).map(({ fact }) => Object(fact).at - 1),
          ats,
        );
    }),
  );
});

test("A large session shows at once, and its trace grows until it is what it would have been at once", async (t) => {
  const place = join(await tempDir(t), "a.made");
  const records = Array.from({ length: 6_000 }, (_, number): MadeRecord[] => [
    { t: after(number), do: "ask", text: `${number} ${"x".repeat(4_000)}` },
    { t: after(number), do: "use", key: `a${number}`, tokens: 3 },
  ]).flat();
  await writeFile(place, madeLines(records));
  const clock = new ManualClock(Date.now());
  const digests = new WholeDigests(madeFormat);
  const { digest, folders, modifiedAt, stamp } = (await digests.look(place)) ?? assert.fail();
  digests.look = async () => ({ digest, folders, modifiedAt, stamp });
  const parts = {
    place,
    file: { dir: join(place, ".."), name: "a.made" },
    format: madeFormat,
    digests,
    signs: new SignsOfLife(clock),
    clock,
  };
  const read = async (atOnce: number) => {
    const target = {
      state: emptyRun(codingSource(madeFormat, digests, clock)),
      apply(ops: readonly PatchOp[]) {
        this.state = applyPatch(this.state, ops, reviveRun);
      },
    };
    const follower = new FollowSession(parts, createDraft(target), "tail", atOnce);
    const seen: [number, number | undefined][] = [];
    for (;;) {
      const result = await follower.read("all");
      assert.ok(result.kind === "read");
      seen.push([target.state.trace.length, target.state.reading?.done]);
      assert.ok(target.state.sessions["main"]?.events instanceof Log);
      assert.equal(target.state.sessions["main"].events.length, records.length);
      if (result.readAgainIn !== 1) break;
    }
    const whole = JSON.parse((await follower.parts.range("trace", 0, 4_096)) ?? "null");
    follower.close();
    return { seen, whole, state: target.state };
  };
  const atOnce = await read(Number.POSITIVE_INFINITY);
  assert.equal(atOnce.seen.length, 1);
  const sliced = await read(1_000_000);
  assert.ok(sliced.seen.length > 3);
  assert.deepEqual(sliced.seen[0], [0, 0]);
  for (const [index, [length]] of sliced.seen.slice(1).entries())
    assert.ok(length >= (sliced.seen[index]?.[0] ?? 0));
  assert.equal(sliced.state.reading, undefined);
  assert.equal(sliced.state.trace.length, atOnce.state.trace.length);
  assert.deepEqual(sliced.whole, atOnce.whole);
});

test("What is told of an agent's session as a whole has no time, and begins no agent", () => {
  const writer = new TraceWriter({ priceOf: () => null, sharedUsage: () => null, isOwn: () => true });
  writer.meet({ id: "agent-1", label: "look", call: "c1" });
  const about = writer.write("agent-1", { is: "about", about: { project: "/shop" } }, "");
  assert.deepEqual(about, []);
  const at = after(3);
  const begun = writer.write("agent-1", { is: "prompt", at: startedAt + 3_000, text: "look" }, at);
  assert.deepEqual(
    begun.map((line) => [line.type, line.at]),
    [["agent_started", at]],
  );
});

test("Whose an answer is, the trace says as the list counts it, whatever the file calls copied", () => {
  const writer = new TraceWriter({
    priceOf: () => null,
    sharedUsage: () => null,
    isOwn: (key) => key === "orphan",
  });
  const repeated = ["orphan", "other"].map((key) => {
    const [line] = writer.write("main", answered(key, 5, { isCopied: key === "orphan" }), after(1));
    return line?.payload["repeated"] ?? false;
  });
  assert.deepEqual(repeated, [false, true]);
});

test("When an answer turns out to be another session's, the trace is told anew", async (t) => {
  const place = join(await tempDir(t), "a.made");
  await writeFile(place, madeLines([{ t: after(1), do: "use", key: "a", tokens: 10 }]));
  const digests = new WholeDigests(madeFormat);
  const source = codingSource(madeFormat, digests, new ManualClock(Date.now()));
  const repeated = async () => {
    const following = new Following(source, place);
    await following.read();
    const isRepeated = [...following.state.trace].map((line) => line?.payload?.["repeated"] ?? false);
    return { following, isRepeated };
  };
  const { following, isRepeated } = await repeated();
  assert.deepEqual(isRepeated, [false]);
  digests.shifts += 1;
  await following.read();
  digests.others.add("a");
  digests.shifts += 1;
  assert.deepEqual(await following.follower.read("all"), { kind: "rewritten" });
  assert.deepEqual((await repeated()).isRepeated, [true]);
});

test("A file among the sessions that may be a subagent's is looked for once, and one that may not is none's concern", async (t) => {
  const dir = await tempDir(t);
  const place = join(dir, "a.made");
  await writeFile(place, madeLines([{ t: after(1), do: "ask", text: "Go" }]));
  let asked = 0;
  const format: CodingFormat = {
    ...madeFormat,
    isAgentName: (name) => name.startsWith("agent-"),
    agentsOf(file) {
      asked += 1;
      return madeFormat.agentsOf(file);
    },
  };
  const source = codingSource(format, new WholeDigests(madeFormat), new ManualClock(Date.now()));
  const { follower } = new Following(source, place);
  const reads = async (name: string) => {
    const before = asked;
    await follower.read(new Set([join(dir, name)]));
    return asked > before;
  };
  await follower.read("all");
  assert.deepEqual([await reads("b.made"), await reads("a.made")], [false, true]);
  for (let number = 0; number < 1_100; number += 1) await reads(`agent-${number}.made`);
  assert.deepEqual([await reads("agent-1099.made"), await reads("agent-new.made")], [false, true]);
  assert.equal(await reads("agent-new.made"), false, "past a thousand of them too");
  assert.equal(await reads("a/agent.made"), true);
});
