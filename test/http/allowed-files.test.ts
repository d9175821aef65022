import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sendRunFile } from "../../src/http/run-files.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import type { RunFiles } from "../../src/sources/source.ts";
import { systemClock } from "../../src/clock.ts";
import { madeFormat } from "../helpers/made-format.ts";
import { WholeDigests } from "../helpers/whole-digests.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** Gives the status that a name is answered with. */
async function serve(t: TestContext, files: RunFiles): Promise<(name: string) => Promise<number>> {
  const server = createServer((request, response) => {
    void sendRunFile(request, response, files, decodeURIComponent(request.url?.slice(1) ?? ""));
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return async (name) => {
    const response = await fetch(`http://127.0.0.1:${address.port}/${encodeURIComponent(name)}`);
    await response.text();
    return response.status;
  };
}

test("H4: of a run without a folder to itself only what its source counts as its files is sent", async (t) => {
  const dir = await tempDir(t);
  await mkdir(join(dir, "transcripts"));
  await writeFile(join(dir, "a-session.jsonl"), "{}\n");
  await writeFile(join(dir, "transcripts", "one.json"), "[]");
  await writeFile(join(dir, "secrets.env"), "x");
  await symlink(join(dir, "secrets.env"), join(dir, "link.json"));
  const asked: string[] = [];
  const allows = async (name: string) => {
    asked.push(name);
    return name.endsWith(".jsonl") || name === "transcripts/one.json" || name === "link.json";
  };
  const status = await serve(t, { dir, allows });
  assert.equal(await status("a-session.jsonl"), 200);
  assert.equal(await status("transcripts/one.json"), 200);
  assert.equal(await status("secrets.env"), 404);
  assert.equal(await status("link.json"), 404, "a link is no file, whatever is allowed");
  const before = asked.length;
  assert.equal(await status("../a-session.jsonl"), 404);
  assert.equal(asked.length, before, "a name that leads out is asked of nobody");
});

test("H4: of a coding session's folder nothing is sent that a link leads to in another's", async (t) => {
  const dir = await tempDir(t);
  await mkdir(join(dir, "a"));
  await mkdir(join(dir, "b"));
  await writeFile(join(dir, "a.made"), "{}\n");
  await writeFile(join(dir, "b.made"), "{}\n");
  await writeFile(join(dir, "a", "agent.made"), "{}\n");
  await writeFile(join(dir, "b", "agent.made"), "{}\n");
  await symlink("..", join(dir, "a", "up"));
  await symlink(join(dir, "b"), join(dir, "a", "beside"));
  await symlink(join(dir, "b"), join(dir, "c"));
  const source = codingSource(madeFormat, new WholeDigests(madeFormat), systemClock);
  const files = (name: string) => {
    const found = source.files?.(join(dir, name));
    assert.ok(found);
    return found;
  };
  const status = await serve(t, files("a.made"));
  assert.deepEqual([await status("a.made"), await status("a/agent.made")], [200, 200]);
  for (const name of ["b.made", "b/agent.made", "a/up/b.made", "a/up/a.made", "a/beside/agent.made"])
    assert.equal(await status(name), 404, name);
  assert.equal(await (await serve(t, files("c.made")))("c/agent.made"), 404, "nor where all of it is a link");
});
