import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { CodexSession } from "../../scripts/demo/codex-run.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import { systemClock } from "../../src/clock.ts";
import { SessionBook } from "../../src/sources/coding/book/session-book.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import { CodingShelf } from "../../src/sources/coding/shelf.ts";
import { Following } from "../helpers/following.ts";
import { factsOf, HandClock, only, recordsOf, startCodex } from "../helpers/codex-session.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const agents = async ({ dir, name }: CodexSession) =>
  (await codexFormat.agentsOf({ dir, name })).map(({ id, label }) => `${id} ${label}`).toSorted();
const isAgent = async (session: CodexSession) =>
  codexFormat.isAgent?.((await recordsOf(session.file)).slice(0, 3), session);

test("subagents are found as they come, those of subagents too, on the day and the day after", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  assert.deepEqual(await agents(parent), []);
  clock.pass(1_000);
  const child = await startCodex(dir, clock, { spawnedBy: { thread: parent.id, role: "tests" } });
  assert.deepEqual(await agents(parent), [`agent-${child.id} tests`]);
  clock.pass(24 * 3_600_000);
  const grandchild = await startCodex(dir, clock, {
    spawnedBy: { thread: child.id, depth: 2, role: "docs" },
  });
  const other = await startCodex(dir, clock);
  assert.deepEqual(
    await agents(parent),
    [`agent-${child.id} tests`, `agent-${grandchild.id} docs`].toSorted(),
  );
  assert.deepEqual(await agents(other), []);
  assert.deepEqual(await Promise.all([parent, child, grandchild, other].map(isAgent)), [
    false,
    true,
    true,
    false,
  ]);
});

test("a subagent whose session is not there, or began days before, is a session of its own", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  clock.pass(3 * 24 * 3_600_000);
  const late = await startCodex(dir, clock, { spawnedBy: { thread: parent.id } });
  assert.deepEqual([await agents(parent), await isAgent(late)], [[], false]);
  const near = await startCodex(dir, clock, { spawnedBy: { thread: late.id } });
  assert.equal(await isAgent(near), true);
  await rm(late.file);
  assert.equal(await isAgent(near), false);
});

test("the file that starts an agent tells by which call, and when it is done", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const session = await startCodex(dir, clock);
  await session.prompt("Have the tests looked at");
  const spawned = await session.tool("spawn_agent", { message: "Look at the tests" });
  await session.output(spawned, JSON.stringify({ agent_id: "thread-2", nickname: "Ada" }));
  const waited = await session.tool("wait", { ids: ["thread-2"] });
  await session.output(
    waited,
    JSON.stringify({ status: { "thread-2": { completed: "They pass" } }, timed_out: false }),
  );
  assert.deepEqual(
    only(factsOf(await recordsOf(session.file)), "agent").map(({ agent, call, isOver }) => [
      agent,
      call,
      isOver,
    ]),
    [
      ["agent-thread-2", spawned, false],
      ["agent-thread-2", waited, true],
    ],
  );
});

test("a mark of the byte order before the first line is none of it", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const parent = await startCodex(dir, clock);
  const child = await startCodex(dir, clock, { spawnedBy: { thread: parent.id, role: "tests" } });
  await parent.prompt("Go");
  for (const { file } of [parent, child]) await writeFile(file, `\uFEFF${await readFile(file, "utf8")}`);
  assert.deepEqual(await agents(parent), [`agent-${child.id} tests`]);
  const shelf = new CodingShelf(parent.dir, codexFormat);
  assert.deepEqual(await shelf.names("all"), [parent.name]);
  const book = new SessionBook({
    formats: [codexFormat],
    clock: systemClock,
    cacheFile: null,
    onChange: () => undefined,
    onError: (error) => assert.fail(String(error)),
  });
  t.after(() => book.close());
  assert.equal((await book.look(parent.file))?.digest.sessionId, parent.id);
  for (const extent of ["whole", "tail"] as const) {
    const following = new Following(codingSource(codexFormat, book, systemClock), parent.file, extent);
    await following.read();
    assert.deepEqual(following.state.problems?.count ?? 0, 0);
    const logs = following.lengths();
    assert.equal(logs.get("main"), (await recordsOf(parent.file)).length, extent);
  }
});
