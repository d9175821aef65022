import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

async function filesOfOneRun(t: TestContext) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const { errors, url } = await startViewer(t, [root]);
  const ask = (path: string, method = "GET") => fetch(`${url}/api/runs/run-a/files/${path}`, { method });
  return { ask, errors, run };
}

test("H9: a file is shown, or kept under its own name", async (t) => {
  const { ask, run } = await filesOfOneRun(t);
  await run.append("artifacts/sha256-1a.txt", "a reply");
  const shown = await ask("artifacts/sha256-1a.txt");
  assert.deepEqual([shown.status, shown.headers.get("content-disposition")], [200, null]);
  assert.equal(await shown.text(), "a reply");
  const kept = await ask("artifacts/sha256-1a.txt?download");
  assert.equal(kept.headers.get("content-disposition"), 'attachment; filename="sha256-1a.txt"');
  assert.equal(kept.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(await kept.text(), "a reply");
});

test("H9: a name that an agent chose cannot end the header, nor hide the file", async (t) => {
  const { ask, run } = await filesOfOneRun(t);
  for (const [name, filename] of [
    ['a";b=c.txt', "a_b_c.txt"],
    ["two\nlines.txt", "two_lines.txt"],
    [".profile", "profile"],
    ["Überblick 1.md", "_berblick_1.md"],
    ["…", "_"],
  ] as const) {
    await writeFile(run.path(name), "x");
    const kept = await ask(`${encodeURIComponent(name)}?download`);
    assert.equal(kept.status, 200, name);
    assert.equal(kept.headers.get("content-disposition"), `attachment; filename="${filename}"`);
  }
});

test("H9: of a file its size and type alone can be asked", async (t) => {
  const { ask, errors, run } = await filesOfOneRun(t);
  await run.append("artifacts/sha256-2b.json", JSON.stringify({ long: "x".repeat(200_000) }));
  const head = await ask("artifacts/sha256-2b.json", "HEAD");
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal(head.headers.get("content-length"), String(200_011));
  assert.equal(await head.text(), "");
  assert.equal((await ask("artifacts/no.json?download", "HEAD")).status, 404);
  assert.deepEqual(errors, []);
});

test("who stops reading in the middle of a file leaves no trouble behind", async (t) => {
  const { ask, errors, run } = await filesOfOneRun(t);
  await writeFile(run.path("artifacts.bin"), Buffer.alloc(8_000_000, "x"));
  const reader = (await ask("artifacts.bin")).body?.getReader();
  assert.ok((await reader?.read())?.value);
  await reader?.cancel();
  assert.equal((await (await ask("manifest.json")).json()).runId, "run-a");
  assert.deepEqual(errors, []);
});
