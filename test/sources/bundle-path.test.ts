import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { OutsideRunError, resolveInRun } from "../../src/sources/bundle-path.ts";
import { tempDir } from "../helpers/temp-dir.ts";

test("a name inside the run becomes its path, whether the file is there or not", async (t) => {
  const dir = await tempDir(t);
  assert.equal(await resolveInRun(dir, "a/b.json"), join(dir, "a/b.json"));
  assert.equal(await resolveInRun(dir, "./a/../b"), join(dir, "b"));
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
    await assert.rejects(resolveInRun(dir, name), OutsideRunError, JSON.stringify(name));
  }
});

test("no link leads out of the run, at any part of the name", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "run");
  await mkdir(join(dir, "inside"), { recursive: true });
  await mkdir(join(base, "run-other"));
  await writeFile(join(base, "secret"), "");
  await symlink(join(base, "secret"), join(dir, "file"));
  await symlink(base, join(dir, "folder"));
  await symlink(join(base, "run-other"), join(dir, "twin"));
  await symlink(join(dir, "inside"), join(dir, "fine"));
  for (const name of ["file", "folder/secret", "folder/not-there/x", "twin/x"]) {
    await assert.rejects(resolveInRun(dir, name), OutsideRunError, name);
  }
  assert.equal(await resolveInRun(dir, "fine/x"), join(dir, "fine/x"));
});

test("whatever the name, the result lies inside", async (t) => {
  const dir = await tempDir(t);
  const part = fc.constantFrom("..", ".", "a", "b", "", "...", "/");
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      try {
        const path = await resolveInRun(dir, parts.join("/"));
        assert.ok(path === dir || path.startsWith(`${dir}/`), path);
      } catch (error) {
        assert.ok(error instanceof OutsideRunError);
      }
    }),
  );
});
