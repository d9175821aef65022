import assert from "node:assert/strict";
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { tempDir } from "../helpers/temp-dir.ts";

test("what stands beside a subagent's file is read until it is whole, and then no more", async (t) => {
  const dir = await tempDir(t);
  const folder = join(dir, "a", "subagents");
  const agents = async () =>
    (await claudeCodeFormat.agentsOf({ dir, name: "a.jsonl" })).map(
      ({ call, id, label }) => `${id} ${label} ${call}`,
    );
  assert.deepEqual(await agents(), []);
  await mkdir(folder, { recursive: true });
  const beside = (id: string, text: string) => writeFile(join(folder, `agent-${id}.meta.json`), text);
  for (const id of ["one", "torn", "bare"]) await writeFile(join(folder, `agent-${id}.jsonl`), "");
  await beside("one", '{"description":"Look","toolUseId":"c1"}');
  await beside("torn", '{"description":"Lo');
  await symlink("/etc/hostname", join(folder, "agent-link.jsonl"));
  // Long enough ago that whatever comes has another stamp.
  await utimes(folder, 1_000, 1_000);
  const first = ["agent-bare  null", "agent-one Look c1", "agent-torn  null"];
  assert.deepEqual(await agents(), first);
  // Neither changes the folder's stamp: what was torn is read again, what was whole is not.
  await beside("torn", '{"agentType":"tests"}');
  await beside("one", '{"description":"Something else"}');
  const second = ["agent-bare  null", "agent-one Look c1", "agent-torn tests null"];
  assert.deepEqual(await agents(), second);
  await beside("bare", '{"description":"Read"}');
  await writeFile(join(folder, "agent-new.jsonl"), "");
  assert.deepEqual(await agents(), ["agent-bare Read null", "agent-new  null", ...second.slice(1)]);
  await beside("new", '{"description":"Write"}');
  assert.ok((await agents()).includes("agent-new Write null"), "it came within the same time stamp, maybe");
});
