import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { sendRunFile } from "../../src/http/run-files.ts";
import { tempDir } from "../helpers/temp-dir.ts";

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
  const server = createServer((request, response) => {
    void sendRunFile(request, response, { dir, allows }, decodeURIComponent(request.url?.slice(1) ?? ""));
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const status = async (name: string) => {
    const response = await fetch(`http://127.0.0.1:${address.port}/${encodeURIComponent(name)}`);
    await response.text();
    return response.status;
  };
  assert.equal(await status("a-session.jsonl"), 200);
  assert.equal(await status("transcripts/one.json"), 200);
  assert.equal(await status("secrets.env"), 404);
  assert.equal(await status("link.json"), 404, "a link is no file, whatever is allowed");
  const before = asked.length;
  assert.equal(await status("../a-session.jsonl"), 404);
  assert.equal(asked.length, before, "a name that leads out is asked of nobody");
});
