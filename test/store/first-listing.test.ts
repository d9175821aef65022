import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import type { Glancer, Place, Source } from "../../src/sources/source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** A catalog of these folders that has not begun to list them; in the one named `slow` nothing is found before `release`. */
async function unlisted(t: TestContext, roots: readonly string[], slow = "") {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const acpx = acpxSource(systemClock);
  const glancer = (place: Place): Glancer => {
    const own = acpx.glancer(place);
    return {
      read: async () => {
        if (slow !== "" && place.startsWith(slow)) await released;
        return own.read();
      },
    };
  };
  const source: Source = { ...acpx, glancer };
  const catalog = new RunCatalog({
    roots: roots.map((dir) => ({ dir })),
    sources: [source],
    clock: systemClock,
    watcher: new Watcher(() => undefined, systemClock),
    onError: (error) => assert.fail(String(error)),
  });
  t.after(async () => {
    release();
    await catalog.close();
  });
  return { catalog, release };
}

test("who asks for a run before the runs are listed gets it once they are, and is not told that it is gone", async (t) => {
  const root = await tempDir(t);
  await new AcpxRun(root, "run-a").begin();
  const { catalog } = await unlisted(t, [root]);
  const asked = [catalog.open("run-a", "tail"), catalog.open("run-a", "whole")];
  const files = catalog.filesOf("run-a");
  const missing = [catalog.open("run-b", "tail"), catalog.filesOf("run-b")];
  await catalog.start();
  for (const run of await Promise.all(asked)) {
    assert.ok(run !== undefined);
    run.release();
  }
  assert.notEqual(await files, undefined);
  assert.deepEqual(await Promise.all(missing), [undefined, undefined]);
  assert.equal(await catalog.open("run-b", "tail"), undefined, "later nobody waits");
});

test("a run that is met is opened while others are still being looked for", async (t) => {
  const [quick, slow] = [await tempDir(t), await tempDir(t)];
  await new AcpxRun(quick, "run-a").begin();
  await new AcpxRun(slow, "run-b").begin();
  const { catalog, release } = await unlisted(t, [quick, slow], slow);
  const [first, second] = [catalog.open("run-a", "tail"), catalog.open("run-b", "tail")];
  const started = catalog.start();
  const met = await first;
  assert.ok(met !== undefined);
  met.release();
  assert.equal(catalog.find("run-b"), undefined);
  release();
  await started;
  const late = await second;
  assert.ok(late !== undefined);
  late.release();
});

test("who waits for a run when the catalog is closed waits no longer", async (t) => {
  const root = await tempDir(t);
  await new AcpxRun(root, "run-a").begin();
  const { catalog } = await unlisted(t, [root]);
  const asked = catalog.open("run-a", "tail");
  await catalog.close();
  assert.equal(await asked, undefined);
});
