import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { BundleFile, OutsideRunError } from "../../src/sources/bundle-file.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** What the file holds, or undefined when there is none. */
async function read(file: BundleFile): Promise<string | undefined> {
  const opened = await file.open();
  if (opened === undefined) return undefined;
  const text = await opened.file.readFile("utf8");
  await opened.file.close();
  return text;
}

test("a name inside the run is its file, whether it is there or not", async (t) => {
  const dir = await tempDir(t);
  const file = new BundleFile(dir, "a/../b.json");
  assert.equal(file.path, join(dir, "b.json"));
  assert.equal(await read(file), undefined);
  await writeFile(join(dir, "b.json"), "{}");
  assert.equal(await read(file), "{}");
  await mkdir(join(dir, "inside"));
  await symlink(join(dir, "inside"), join(dir, "alias"));
  await writeFile(join(dir, "inside", "x"), "x");
  assert.equal(await read(new BundleFile(dir, "alias/x")), "x");
});

test("no name leads out of the run", async (t) => {
  const dir = await tempDir(t);
  for (const name of [
    "..",
    "../x",
    "a/../../x",
    "/etc/passwd",
    "",
    "a\0b",
    "c:/x",
    "..\\x",
    "a/b/../../../x",
  ]) {
    assert.throws(() => new BundleFile(dir, name), OutsideRunError, JSON.stringify(name));
  }
  await assert.rejects(read(new BundleFile(dir, "x".repeat(5_000))), OutsideRunError);
});

test("no link leads out of the run, at any part of the name", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "run");
  await mkdir(dir);
  await mkdir(join(base, "run-other"));
  for (const name of ["secret", "run-other/secret"]) await writeFile(join(base, name), "secret");
  await symlink(join(base, "secret"), join(dir, "file"));
  await symlink(base, join(dir, "folder"));
  await symlink(join(base, "run-other"), join(dir, "twin"));
  for (const name of ["file", "folder/secret", "twin/secret"]) {
    await assert.rejects(read(new BundleFile(dir, name)), OutsideRunError, name);
  }
});

test("a folder that becomes a link out of the run after it was read leads nowhere", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "run");
  await mkdir(join(dir, "part"), { recursive: true });
  await mkdir(join(base, "outside"));
  await writeFile(join(base, "outside", "x"), "secret");
  await writeFile(join(dir, "part", "x"), "mine");
  const file = new BundleFile(dir, "part/x");
  assert.equal(await read(file), "mine");
  await rename(join(dir, "part"), join(dir, "was"));
  await symlink(join(base, "outside"), join(dir, "part"));
  await assert.rejects(read(file), OutsideRunError);
  await rm(join(dir, "part"));
  await rename(join(dir, "was"), join(dir, "part"));
  assert.equal(await read(file), "mine");
});

test("a file that is replaced all the time is read all the time", async (t) => {
  const dir = await tempDir(t);
  const name = "live.json";
  await writeFile(join(dir, name), "0");
  const file = new BundleFile(dir, name);
  const stop = new AbortController();
  const writer = (async () => {
    for (let count = 1; !stop.signal.aborted; count += 1) {
      await writeFile(join(dir, "new.tmp"), String(count));
      await rename(join(dir, "new.tmp"), join(dir, name));
    }
  })();
  for (let reads = 0; reads < 500; reads += 1) assert.match((await read(file)) ?? "gone", /^\d+$/);
  stop.abort();
  await writer;
});

test("an inode's number that was used again opens no door", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "run");
  await mkdir(join(dir, "part"), { recursive: true });
  await mkdir(join(base, "outside"));
  await writeFile(join(dir, "part", "x"), "mine");
  const file = new BundleFile(dir, "part/x");
  assert.equal(await read(file), "mine");
  await rm(join(dir, "part"), { recursive: true });
  await writeFile(join(base, "outside", "x"), "secret");
  await symlink(join(base, "outside"), join(dir, "part"));
  await assert.rejects(read(file), OutsideRunError);
});

test("only a regular file is one: no folder, and no pipe that would be waited on for ever", async (t) => {
  const dir = await tempDir(t);
  await mkdir(join(dir, "folder"));
  execFileSync("mkfifo", [join(dir, "pipe")]);
  for (const name of ["folder", "pipe"]) {
    await assert.rejects(read(new BundleFile(dir, name)), OutsideRunError, name);
  }
});

test("whatever the name, what is opened lies inside", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "run");
  await mkdir(join(dir, "a"), { recursive: true });
  await writeFile(join(base, "b"), "secret");
  await writeFile(join(dir, "b"), "mine");
  await symlink("..", join(dir, "a", "c"));
  const part = fc.constantFrom("..", ".", "a", "b", "c", "", "...", "/");
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      try {
        assert.notEqual(await read(new BundleFile(dir, parts.join("/"))), "secret");
      } catch (error) {
        assert.ok(error instanceof OutsideRunError, String(error));
      }
    }),
  );
});
