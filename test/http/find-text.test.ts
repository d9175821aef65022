import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import * as v from "valibot";
import { Found } from "../../src/protocol/found.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

async function setUp(t: TestContext) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  for (const word of ["The upload ", "is tried ", "again.", " <b>Upload</b>"]) await run.appendChunk(word);
  await run.finish("failed");
  const viewer = await startViewer(t, [root]);
  const client = await viewer.connect();
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a") !== undefined, 10_000);
  const epoch = client.run("run-a")?.epoch ?? "";
  const name = `sessions/${run.sessionId}`;
  const ask = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const query = new URLSearchParams({ name, epoch, ...fields });
    const response = await fetch(`${viewer.url}/api/runs/run-a/find?${query}`, { headers });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  const hits = async (fields: Record<string, string>) => {
    const { body, status } = await ask(fields);
    assert.equal(status, 200, JSON.stringify(body));
    return v.parse(Found, body);
  };
  return { ask, hits, run, viewer, epoch };
}

test("H10: a text is found where it was complete, with what stands around it", async (t) => {
  const { hits } = await setUp(t);
  const { hits: found, next } = await hits({ q: " UPLOAD  is\ttried".replace("\t", " ") });
  assert.equal(next, null);
  assert.deepEqual(
    found.map(({ kind, line, match, text }) => ({ kind, line, text, marked: text.slice(...match) })),
    [{ kind: "agent", line: 1, text: "The upload is tried again. <b>Upload</b>", marked: "upload is tried" }],
  );
  assert.deepEqual(
    (await hits({ q: "upload" })).hits.map(({ line }) => line),
    [3, 0],
  );
  assert.deepEqual(
    (await hits({ q: "upload", before: "3" })).hits.map(({ line }) => line),
    [0],
  );
  assert.deepEqual(
    (await hits({ q: "reply", name: "trace" })).hits.map(({ kind, line }) => [kind, line]),
    [["step", 1]],
  );
  for (const q of [".*", "(", "\\", "%", "\u{1f680}", "x".repeat(200)])
    assert.deepEqual((await hits({ q })).hits, [], q);
});

test("H10: what makes no sense is refused, and so is another epoch", async (t) => {
  const { ask, viewer } = await setUp(t);
  for (const fields of [
    { q: "" },
    { q: "  " },
    { q: "a\u0000b" },
    { q: "a\nb" },
    { q: "x".repeat(201) },
    { q: "a", before: "-1" },
    { q: "a", before: "x" },
    { q: "a", before: "" },
  ]) {
    const { body, status } = await ask(fields);
    assert.equal(status, 400, JSON.stringify(fields));
    assert.match(JSON.stringify(body), /"error":"[A-Z][^"]*\."/);
  }
  assert.equal((await fetch(`${viewer.url}/api/runs/run-a/find`)).status, 400);
  assert.equal((await ask({ q: "a", epoch: "other" })).status, 409);
  assert.equal((await fetch(`${viewer.url}/api/runs/nothing/find?name=trace&epoch=x&q=a`)).status, 404);
  for (const name of ["sessions/nobody", "../trace.ndjson", "sessions/__proto__"])
    assert.equal((await ask({ q: "a", name })).status, 404, name);
  assert.deepEqual(viewer.errors, []);
});

test("H10: no other site can search", async (t) => {
  const { ask } = await setUp(t);
  assert.equal((await ask({ q: "upload" }, { origin: "http://evil.example" })).status, 403);
});

test("H10: who leaves is searched for no longer, and keeps nobody waiting", async (t) => {
  const { hits, run, viewer, epoch } = await setUp(t);
  const long = Array.from({ length: 30_000 }, () => run.chunkLine("x".repeat(300)));
  await run.append(run.eventsFile, long.join(""));
  const query = new URLSearchParams({ name: `sessions/${run.sessionId}`, epoch, q: "nowhere" });
  const leaving = Array.from({ length: 200 }, async () => {
    const stop = new AbortController();
    const asked = fetch(`${viewer.url}/api/runs/run-a/find?${query}`, { signal: stop.signal });
    setImmediate(() => stop.abort());
    await assert.rejects(asked);
  });
  await Promise.all(leaving);
  assert.deepEqual((await hits({ q: "nowhere" })).hits, []);
  assert.deepEqual(viewer.errors, []);
});
