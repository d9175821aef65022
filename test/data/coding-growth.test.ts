import assert from "node:assert/strict";
import { appendFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { WholeDigests } from "../helpers/whole-digests.ts";
import { DATA } from "./recorded.ts";

/** Sessions that were copied as they grew: what was read on is what is read at once. */
const GROWN = [
  { format: claudeCodeFormat, folder: join("claude-code", "growth-1e0a84da") },
  { format: codexFormat, folder: join("codex", "growth-019ddeed") },
] as const;

const DAY_MS = 24 * 60 * 60_000;
const asJson = (state: unknown): unknown => JSON.parse(JSON.stringify(state));

function sourceOf(format: CodingFormat) {
  const clock = new ManualClock(Date.now());
  return { clock, source: codingSource(format, new WholeDigests(format), clock) };
}

/** The state two days after: whoever saw it being written has forgotten when by then. */
async function longAfter(following: Following, clock: ManualClock): Promise<unknown> {
  await following.readToTheEnd(clock);
  clock.advance(2 * DAY_MS);
  await following.read();
  return asJson(following.state);
}

/** The state of a session that is read at once, as a reader has it who holds all of it. */
async function readAtOnce(t: TestContext, format: CodingFormat, bytes: Buffer, name: string) {
  const dir = await tempDir(t);
  await writeFile(join(dir, name), bytes);
  const { clock, source } = sourceOf(format);
  const following = new Following(source, join(dir, name));
  return longAfter(following, clock);
}

for (const { folder, format } of GROWN) {
  const path = join(DATA, folder);
  const skip = !existsSync(path) && `${path} is not there`;

  test(`${format.label}: a session that grows ends as it is read at once`, { skip }, async (t) => {
    const names = (await readdir(path)).toSorted();
    const whole = await readFile(join(path, names.at(-1) ?? ""));
    const expected = await readAtOnce(t, format, whole, "a.jsonl");
    const dir = await tempDir(t);
    const { clock, source } = sourceOf(format);
    const following = new Following(source, join(dir, "a.jsonl"));
    for (const name of names) {
      const bytes = await readFile(join(path, name));
      const from = await readFile(join(dir, "a.jsonl")).catch(() => Buffer.alloc(0));
      assert.ok(bytes.subarray(0, from.length).equals(from), `${name} goes on from the one before`);
      await appendFile(join(dir, "a.jsonl"), bytes.subarray(from.length));
      await following.readToTheEnd(clock);
    }
    assert.deepEqual(await longAfter(following, clock), expected);
  });

  test(`${format.label}: nor does it matter at which bytes it is cut`, { skip }, async (t) => {
    const names = (await readdir(path)).toSorted();
    const whole = await readFile(join(path, names.at(-1) ?? ""));
    const expected = await readAtOnce(t, format, whole, "a.jsonl");
    const cuts = fc.array(fc.nat(whole.length), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (unsorted) => {
        const dir = await tempDir(t);
        const { clock, source } = sourceOf(format);
        const following = new Following(source, join(dir, "a.jsonl"));
        let from = 0;
        for (const to of [...unsorted.toSorted((left, right) => left - right), whole.length]) {
          await appendFile(join(dir, "a.jsonl"), whole.subarray(from, to));
          from = to;
          await following.read();
        }
        assert.deepEqual(await longAfter(following, clock), expected);
      }),
      { numRuns: 8 },
    );
  });
}

const WITH_AGENTS = join(DATA, "claude-code", "with-subagents");
const skip = !existsSync(WITH_AGENTS) && `${WITH_AGENTS} is not there`;

test("Subagents of a session are sessions of the run, told by the time they worked", { skip }, async (t) => {
  const dir = await tempDir(t);
  await cp(WITH_AGENTS, dir, { recursive: true });
  const [name = ""] = (await readdir(dir)).filter((each) => each.endsWith(".jsonl"));
  const { clock, source } = sourceOf(claudeCodeFormat);
  const following = new Following(source, join(dir, name));
  await following.readToTheEnd(clock);
  const { sessions, trace } = following.state;
  const agents = Object.keys(sessions).filter((id) => id !== "main");
  assert.equal(agents.length, 2);
  const lines = [...trace].filter((line) => line !== null);
  for (const id of agents) {
    const [begun, ...again] = lines.filter((line) => line?.type === "agent_started" && line.sessionId === id);
    assert.deepEqual(again, []);
    assert.equal(begun?.payload?.["call"], sessions[id]?.binding?.["call"]);
    assert.ok(lines.some((line) => line?.type === "agent_ended" && line.sessionId === id));
    assert.ok(lines.some((line) => line?.type === "usage_recorded" && line.sessionId === id));
  }
  const times = lines.map((line) => Date.parse(line?.at ?? ""));
  assert.deepEqual(
    times,
    times.toSorted((left, right) => left - right),
  );

  // One that comes when the session is already open is a session then.
  const late = join(await tempDir(t), "late");
  const base = basename(name, ".jsonl");
  await mkdir(late);
  await cp(join(dir, name), join(late, name));
  const opened = new Following(source, join(late, name), "tail");
  await opened.readToTheEnd(clock);
  assert.deepEqual(Object.keys(opened.state.sessions), ["main"]);
  await cp(join(dir, base), join(late, base), { recursive: true });
  await opened.readToTheEnd(clock);
  assert.equal(Object.keys(opened.state.sessions).length, 3);
  assert.equal(opened.state.trace.length, trace.length);
});
