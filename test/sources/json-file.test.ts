import assert from "node:assert/strict";
import { utimes, writeFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { BundleFile, OutsideRunError } from "../../src/sources/bundle-file.ts";
import { JsonFile } from "../../src/sources/json-file.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const fileAt = (path: string) => new BundleFile(dirname(path), basename(path));
const Schema = v.looseObject({ n: v.number() });

/** Writes with a time stamp of long ago, so that it does not count as just written. */
async function write(path: string, text: string, ageSeconds = 100): Promise<void> {
  await writeFile(path, text);
  const at = Date.now() / 1000 - ageSeconds;
  await utimes(path, at, at);
}

test("it is read when it changed, and only then; unknown fields stay", async (t) => {
  const path = join(await tempDir(t), "x.json");
  const file = new JsonFile(fileAt(path), Schema, new ManualClock(Date.now()));
  assert.equal((await file.read()).kind, "missing");
  await write(path, '{"n":1,"more":[true]}');
  const first = await file.read();
  assert.ok(first.kind === "changed");
  assert.deepEqual(first.value, { n: 1, more: [true] });
  assert.equal((await file.read()).kind, "same");
  await write(path, '{"n":2}', 90);
  assert.equal((await file.read()).kind, "changed");
});

test("one written this moment is read again: a second write could carry the same time stamp", async (t) => {
  const path = join(await tempDir(t), "x.json");
  const file = new JsonFile(fileAt(path), Schema, new ManualClock(Date.now()));
  await writeFile(path, '{"n":1}');
  const first = await file.read();
  assert.ok(first.kind === "changed" && first.readAgainIn !== undefined);
  assert.equal((await file.read()).kind, "changed");
});

test("while it is torn its last good value stands, and after a while it is told once", async (t) => {
  const path = join(await tempDir(t), "x.json");
  const clock = new ManualClock(Date.now());
  const file = new JsonFile(fileAt(path), Schema, clock);
  await write(path, '{"n":');
  const torn = await file.read();
  assert.ok(torn.kind === "same" && torn.readAgainIn !== undefined);
  clock.advance(3_000);
  const bad = await file.read();
  assert.ok(bad.kind === "bad" && bad.message.includes("JSON"));
  assert.equal((await file.read()).kind, "same");
  await write(path, '{"n":3}', 80);
  assert.equal((await file.read()).kind, "changed");
});

test("what does not fit its schema is bad, and a link is no file", async (t) => {
  const dir = await tempDir(t);
  const clock = new ManualClock(Date.now());
  await write(join(dir, "x.json"), '{"n":"one"}');
  const file = new JsonFile(fileAt(join(dir, "x.json")), Schema, clock);
  await file.read();
  clock.advance(3_000);
  const bad = await file.read();
  assert.ok(bad.kind === "bad" && bad.message.includes("n:"), JSON.stringify(bad));
  await write(join(dir, "real.json"), '{"n":1}');
  await symlink(join(dir, "real.json"), join(dir, "link.json"));
  await assert.rejects(new JsonFile(fileAt(join(dir, "link.json")), Schema, clock).read(), OutsideRunError);
});

test("a value that is nested so deep that it could not be written out again is bad", async (t) => {
  const path = join(await tempDir(t), "x.json");
  const clock = new ManualClock(Date.now());
  await write(path, `{"n":1,"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`);
  const file = new JsonFile(fileAt(path), Schema, clock);
  await file.read();
  clock.advance(3_000);
  const bad = await file.read();
  assert.ok(bad.kind === "bad" && bad.message.includes("nested"), JSON.stringify(bad));
});

test("a file from the future is read once, not for ever", async (t) => {
  const path = join(await tempDir(t), "x.json");
  const file = new JsonFile(fileAt(path), Schema, new ManualClock(Date.now()));
  await write(path, '{"n":1}', -3_600);
  assert.equal((await file.read()).kind, "changed");
  assert.equal((await file.read()).kind, "same");
});
