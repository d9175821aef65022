import assert from "node:assert/strict";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Watcher } from "../../src/sources/watcher.ts";
import type { WatchedFolders } from "../../src/sources/watched-folders.ts";
import { heldBySystem } from "../helpers/open-watches.ts";
import { refuseWatches } from "../helpers/refused-watches.ts";
import { tempDir } from "../helpers/temp-dir.ts";

function listen(t: TestContext, kind: "open" | "openWide" = "openWide") {
  const paths: string[] = [];
  const told: (readonly string[])[] = [];
  let wake = () => {};
  const watcher = new Watcher((sentences) => {
    told.push(sentences);
    wake();
  });
  const folders: WatchedFolders = watcher[kind]((path) => {
    paths.push(path);
    wake();
  });
  t.after(() => folders.close());
  const until = async (holds: () => boolean) => {
    const late = AbortSignal.timeout(5_000);
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        late.addEventListener("abort", () => reject(new Error(`woken only by ${paths.join(", ")}`)));
      });
    }
  };
  return { paths, told, folders, until, heard: (path: string) => until(() => paths.includes(path)) };
}

test("what comes and goes in a wide folder wakes, with one watch of the system", async (t) => {
  const dir = await tempDir(t);
  for (let index = 0; index < 50; index += 1) await mkdir(join(dir, `sub-${index}`));
  const before = await heldBySystem();
  const { folders, heard } = listen(t);
  assert.ok(folders.add(dir));
  assert.ok(folders.add(dir), "again is once");
  const held = await heldBySystem();
  if (held !== undefined) assert.equal(held.watches, (before?.watches ?? 0) + 1);
  await mkdir(join(dir, "new"));
  await heard(join(dir, "new"));
  await rm(join(dir, "sub-7"), { recursive: true });
  await heard(join(dir, "sub-7"));
  await writeFile(join(dir, "file"), "");
  await heard(join(dir, "file"));
  await folders.close();
  const after = await heldBySystem();
  if (after !== undefined) assert.equal(after.watches, before?.watches);
});

test("a folder that was moved is watched no more; the one in its place is, once it is added", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "runs");
  await mkdir(dir);
  const { folders, heard, paths } = listen(t);
  folders.add(dir);
  await rename(dir, join(base, "away"));
  await heard(join(dir, "runs"));
  assert.equal(folders.add(dir), false, "it is not there");
  await mkdir(dir);
  assert.ok(folders.add(dir));
  await writeFile(join(base, "away", "elsewhere"), "");
  await writeFile(join(dir, "here"), "");
  await heard(join(dir, "here"));
  assert.ok(!paths.includes(join(dir, "elsewhere")));
});

test("a folder in a wide folder may have its name, and it is watched on", async (t) => {
  const base = await tempDir(t);
  const dir = join(base, "runs");
  await mkdir(dir);
  const { folders, heard } = listen(t);
  folders.add(dir);
  await mkdir(join(dir, "runs"));
  await heard(join(dir, "runs"));
  assert.ok(folders.add(dir));
  await mkdir(join(dir, "after"));
  await heard(join(dir, "after"));
});

for (const kind of ["open", "openWide"] as const) {
  test(`${kind}: what cannot be watched is told in words, until it can be or nobody wants it`, async (t) => {
    const [one, other] = [await tempDir(t), await tempDir(t)];
    const free = refuseWatches();
    t.after(free);
    const { folders, told, until } = listen(t, kind);
    folders.add(one);
    folders.add(other);
    await until(() => told.at(-1)?.[0]?.startsWith("2 folders") ?? false);
    assert.equal(folders.add(one), false);
    assert.deepEqual(told.at(-1), [
      "2 folders cannot be watched (the system's limit of watched folders is reached); " +
        "changes are found by looking every few seconds.",
    ]);
    free();
    if (kind === "openWide") {
      assert.ok(folders.add(one));
      assert.match(told.at(-1)?.[0] ?? "", /^A folder cannot/);
    }
    await folders.close();
    assert.deepEqual(told.at(-1), []);
  });
}
