import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { readWaza, statesIn, toldBy } from "../helpers/waza-reading.ts";
import { DATA, json, lines } from "./recorded.ts";

const WAZA = join(DATA, "waza");
const skip = existsSync(WAZA) ? false : `no recorded runs of waza in ${WAZA}`;

test("the five recorded logs are five ended runs, each with the sums it ends with", { skip }, async () => {
  const dir = await realpath(join(WAZA, "session-logs"));
  const source = wazaSource(new ManualClock());
  const names = await source.shelf?.(dir).names("all");
  assert.ok(names !== undefined);
  assert.deepEqual(names, (await readdir(dir)).toSorted());
  assert.equal(names.length, 5);
  for (const name of names) {
    const sums = Object((await lines(join(dir, name))).at(-1))["data"];
    const { state } = await readWaza(dir, name);
    const { tally } = state;
    assert.ok(tally !== undefined);
    assert.equal(tally.done, sums.total_tests, name);
    assert.deepEqual(
      [tally.passed, tally.failed, tally.errors],
      [sums.passed, sums.failed, sums.errors],
      name,
    );
    assert.equal(state.run.status, "completed");
    assert.deepEqual(statesIn(state), { "test-task": "passed" });
    assert.deepEqual((await source.glancer(join(dir, name)).read())?.summary.tally, tally);
    // The first ran its three trials, the others took its result from the cache.
    const isCached = toldBy(state).results.get("test-task")?.cached === true;
    assert.equal(isCached, name !== names[0], name);
    assert.equal(toldBy(state).graded.length, isCached ? 0 : 3);
  }
});

test("results of every version are runs, with the sums that they say", { skip }, async () => {
  for (const folder of ["results", "results/showcase-2026-02-21"]) {
    const dir = await realpath(join(WAZA, folder));
    const source = wazaSource(new ManualClock());
    const names = (await readdir(dir)).filter((name) => name.endsWith(".json")).toSorted();
    assert.deepEqual(await source.shelf?.(dir).names("all"), names);
    for (const name of names) {
      const { summary, tasks } = Object(await json(join(dir, name)));
      const { state } = await readWaza(dir, name);
      assert.equal(state.problems.count, 0, name);
      const { tally } = state;
      assert.ok(tally !== undefined);
      assert.deepEqual(
        [tally.done, tally.passed, tally.failed, tally.errors, tally.skipped],
        [tasks.length, summary.succeeded, summary.failed, summary.errors, summary.skipped],
        name,
      );
      const results = [...toldBy(state).results.values()];
      assert.equal(results.length, tasks.length);
      const said = tasks.flatMap((task: unknown) => Object(task)["runs"]).some(hasSaidSomething);
      assert.equal(
        results.some(({ talk }) => talk != null),
        said,
        name,
      );
    }
  }
});

function hasSaidSomething(run: unknown): boolean {
  const { final_output, transcript } = Object(run);
  return (final_output ?? "") !== "" || (transcript ?? []).length > 0;
}
