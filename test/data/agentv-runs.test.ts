import assert from "node:assert/strict";
import { existsSync, realpathSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Tally } from "../../src/protocol/tally.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { judge } from "../../src/store/stall.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { withoutFiles } from "../helpers/trace-lines.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { DATA, lines } from "./recorded.ts";

/** A source is given real paths. */
const AGENTV = existsSync(DATA) ? realpathSync(join(DATA, "agentv")) : join(DATA, "agentv");
const skip = existsSync(AGENTV) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";

const RUN_1 = "runs/default/2026-11-20T04-45-31-933Z";
const RUN_4 = "runs/default/2026-11-20T04-47-16-867Z";

/** Eight passed, one failed, one whose agent failed. */
const WHOLE = {
  total: 10,
  done: 10,
  passed: 8,
  failed: 1,
  errors: 1,
  skipped: 0,
  passRate: 8 / 9,
};

const ENDED = [
  { name: "AgentV 4", dir: join(AGENTV, "run1/agentv-final/results", RUN_1) },
  { name: "AgentV 5", dir: join(AGENTV, "head-run1/agentv-final/results/2026-11-20T04-51-14-607Z") },
  { name: "killed and resumed", dir: join(AGENTV, "run4-resume/results-final", RUN_4) },
];

for (const { dir, name } of ENDED)
  test(
    `${name}: a recorded run's counts are those of its files, and nothing of it is unread`,
    { skip },
    async () => {
      const source = agentvSource(new ManualClock(Date.now() + 60_000));
      const glance = await source.glancer(dir).read();
      assert.deepEqual(glance?.summary.tally, WHOLE);
      assert.equal(glance?.summary.tally?.passRate?.toFixed(3), "0.889");
      assert.equal(glance?.pulse.status, "completed");
      const following = new Following(source, dir);
      await following.read();
      const { problems, run, sessions, steps, tally } = following.state;
      assert.deepEqual(tally, WHOLE);
      assert.equal(problems.count, 0);
      assert.equal(run.status, "completed");
      assert.equal(steps.length, 10);
      const words = JSON.stringify(sessions["tests"]?.events);
      for (const test of ["number 1?", "number 10?", "file body", "boom on stderr"])
        assert.ok(words.includes(test), test);
    },
  );

test("a run that was killed is silent, and is not called failed", { skip }, async () => {
  const dir = join(AGENTV, "run2-kill9/results-final/runs/default/2026-11-20T04-47-07-523Z");
  const clock = new ManualClock(Date.now() + 24 * 60 * 60_000);
  const glance = await agentvSource(clock).glancer(dir).read();
  assert.ok(glance !== null);
  assert.equal(judge(glance.pulse, clock.now()).status, "stalled");
  assert.equal(glance.summary.tally?.done, 6);
  assert.equal(glance.summary.tally?.total, 10);
  assert.equal(glance.summary.finishedAt, undefined);
});

/** Looks at a run as it is written, and holds that no count goes back. */
function watch(dir: string) {
  const clock = new ManualClock(Date.now());
  const source = agentvSource(clock);
  const glancer = source.glancer(dir);
  const seen: { listed: Tally | undefined; shown: Tally | undefined } = {
    listed: undefined,
    shown: undefined,
  };
  let following: Following | undefined;
  return {
    clock,
    source,
    async look(): Promise<Following | undefined> {
      clock.advance(40);
      const glance = await glancer.read();
      if (glance === null) return undefined;
      following ??= new Following(source, dir);
      await following.read();
      const now = { listed: glance.summary.tally, shown: following.state.tally };
      for (const who of ["listed", "shown"] as const)
        for (const count of ["total", "done", "passed", "failed", "errors"] as const)
          assert.ok((now[who]?.[count] ?? 0) >= (seen[who]?.[count] ?? 0), `${who}: ${count}`);
      Object.assign(seen, now);
      return following;
    },
  };
}

const RECORDED = [
  { name: "AgentV 4", folder: "run1/snapshots/snap", run: join("results", RUN_1), final: ENDED[0]?.dir },
  {
    name: "AgentV 5",
    folder: "head-run1/snapshots/snap",
    run: "results/2026-11-20T04-51-14-607Z",
    final: ENDED[1]?.dir,
    // Its first two tests ended together, and one of the rows was lost until the end.
    hasLost: true,
  },
  { name: "a resume", folder: "run4-resume/snapshots/snap", run: RUN_4, final: ENDED[2]?.dir },
];

for (const { final = "", folder, hasLost = false, name, run } of RECORDED)
  test(`${name}: its recorded writes, one after the other, end as its files say`, { skip }, async (t) => {
    const root = await tempDir(t);
    const dir = join(root, run);
    const { clock, look, source } = watch(dir);
    const statuses = new Set<string>();
    let following: Following | undefined;
    for (const moment of (await readdir(join(AGENTV, folder))).toSorted()) {
      await cp(join(AGENTV, folder, moment), root, { recursive: true });
      following = await look();
      if (following !== undefined) statuses.add(String(following.state.run.status));
    }
    // The last moments of some recordings were missed; the files as they stayed are the end.
    await cp(final, dir, { recursive: true });
    following = await look();
    assert.ok(following !== undefined);
    await following.readToTheEnd(clock);
    assert.deepEqual(following.state.tally, WHOLE);
    assert.equal(following.state.run.status, "completed");
    assert.ok(statuses.has("running"));
    const late = new Following(source, dir);
    await late.read();
    if (!hasLost) assert.deepEqual(told(late), told(following), "who comes late finds what was watched");
    else assert.equal(withoutFiles(late.state.trace).length, withoutFiles(following.state.trace).length);
  });

test("the rewrite of the index as readers saw it: cut, empty, cut, whole", { skip }, async (t) => {
  const dir = join(await tempDir(t), RUN_1);
  const recorded = (moment: string) => join(AGENTV, "run1/snapshots/snap", moment, "results", RUN_1);
  const live = await readFile(join(recorded("011236"), "index.jsonl"));
  const final = await readFile(join(ENDED[0]?.dir ?? "", "index.jsonl"));
  await mkdir(dirname(dir), { recursive: true });
  await cp(recorded("001610"), dir, { recursive: true });
  const { clock, look } = watch(dir);
  const path = join(dir, "index.jsonl");
  let sizes = 0;
  for (const step of await lines(join(AGENTV, "tight-4.42.4.jsonl"))) {
    const { first, size } = Object(step);
    if (typeof size !== "number") continue;
    sizes += 1;
    if (first === "live" && size === 8_192)
      await cp(ENDED[0]?.dir ?? "", dir, { recursive: true, filter: isBeside });
    await writeFile(path, (first === "final" ? final : live).subarray(0, size));
    await look();
  }
  assert.ok(sizes > 10);
  const following = await look();
  await following?.readToTheEnd(clock);
  assert.deepEqual(following?.state.tally, WHOLE);
  assert.equal(following?.state.run.status, "completed");
});

function isBeside(path: string): boolean {
  return !path.endsWith("index.jsonl");
}

/** The trace and what was said, without the files of results: who watched was told of them when they were there. */
function told({ state: { sessions, trace } }: Following): unknown {
  return JSON.parse(JSON.stringify({ sessions, trace: withoutFiles(trace) }), (key, value: unknown) =>
    key === "files" || key === "seq" ? undefined : value,
  );
}
