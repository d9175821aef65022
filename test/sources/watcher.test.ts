import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Watcher } from "../../src/sources/watcher.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** Waits until a path has woken us; a test that is never woken times out. */
function listen(t: { after(task: () => Promise<void>): void }, dir: string) {
  const woken = new EventEmitter();
  const paths: string[] = [];
  const troubles: string[] = [];
  const folders = new Watcher((trouble) => troubles.push(...trouble)).open((path) => {
    paths.push(path);
    woken.emit("wake");
  });
  folders.add(dir);
  t.after(() => folders.close());
  const until = async (path: string) => {
    while (!paths.includes(path)) await once(woken, "wake", { signal: AbortSignal.timeout(5_000) });
  };
  /** Until the system watches, a write may go unnoticed: write until one is noticed. */
  const ready = async () => {
    const probe = join(dir, "probe");
    for (let tries = 0; !paths.includes(probe) && tries < 200; tries += 1) {
      await writeFile(probe, String(tries));
      await Promise.race([once(woken, "wake"), new Promise((resolve) => setTimeout(resolve, 25))]);
    }
    assert.ok(paths.includes(probe), "the folder is never watched");
    paths.length = 0;
  };
  return { until, ready, paths, troubles, folders };
}

test("a write, a new folder and a rename in a watched folder wake with their paths", async (t) => {
  const dir = await tempDir(t);
  const watch = listen(t, dir);
  await watch.ready();
  await appendFile(join(dir, "log"), "x");
  await watch.until(join(dir, "log"));
  await mkdir(join(dir, "sub"));
  await watch.until(join(dir, "sub"));
  await writeFile(join(dir, "new.tmp"), "{}");
  await rename(join(dir, "new.tmp"), join(dir, "new.json"));
  await watch.until(join(dir, "new.json"));
  assert.deepEqual(watch.troubles, []);
});

test("each of many quick writes wakes: none is swallowed because another came just before", async (t) => {
  const dir = await tempDir(t);
  const watch = listen(t, dir);
  await watch.ready();
  for (let index = 0; index < 20; index += 1) {
    watch.paths.length = 0;
    await appendFile(join(dir, "log"), "first");
    await watch.until(join(dir, "log"));
    watch.paths.length = 0;
    await appendFile(join(dir, "log"), "second");
    await watch.until(join(dir, "log"));
  }
});

test("a folder that is added later is watched too", async (t) => {
  const dir = await tempDir(t);
  const sub = join(dir, "sub");
  await mkdir(sub);
  const watch = listen(t, dir);
  await watch.ready();
  watch.folders.add(sub);
  for (let tries = 0; !watch.paths.includes(join(sub, "x")) && tries < 200; tries += 1) {
    await writeFile(join(sub, "x"), String(tries));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.ok(watch.paths.includes(join(sub, "x")));
});
