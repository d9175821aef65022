import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { playAgentvDemo } from "../../scripts/demo/agentv-demo.ts";
import { playWaza } from "../../scripts/demo/waza-demo.ts";
import type { RunState } from "../../src/protocol/bundle.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import type { Source } from "../../src/sources/source.ts";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { gradingAt } from "../../viewer/grading/grading-at.ts";
import { looseGradesAt } from "../../viewer/grading/loose-grades-at.ts";
import { TalkPictures } from "../../viewer/grading/talk-pictures.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { spentAt } from "../../viewer/playback/spent.ts";
import { tallyAt } from "../../viewer/playback/tally-at.ts";
import { EVERY_TEST } from "../../viewer/results/filter.ts";
import { AT_FIRST } from "../../viewer/results/order.ts";
import { resultsAt } from "../../viewer/results/picture.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { fastClock } from "../scripts/fast-clock.ts";
import { ServedRun } from "../viewer/served-run.ts";

/** Other moments every time; a failure names the one it was at. */
const SEED = Number(process.env["RUNREEL_TEST_SEED"] ?? Date.now() % 2 ** 31);
const MOMENTS = 25;

/** All that an evaluation's page shows of a moment, but the timeline and what is found. */
function shown(of: ServedRun, at: number) {
  const { index } = of;
  const view = asOf(of.run, index, at, null);
  const steps = Array.from({ length: view.steps.count }, (_, step) => step);
  const talks = new TalkPictures();
  const extent = { limit: 1_000, first: null, depth: 10_000 };
  return {
    status: view.status,
    attempts: steps.map((step) => attemptAt(view.steps, step)),
    results: of.bring(() => resultsAt(of.run, index, at, { filter: EVERY_TEST, order: AT_FIRST })),
    grades: steps.map((step) => of.bring(() => gradingAt(of.run, index, step, at))),
    loose: of.bring(() => looseGradesAt(of.run, index, at)),
    talks: steps.map((step) =>
      of.bring(() => talks.at({ around: null, at, entries: 500, index, lines: 5_000, run: of.run, step })),
    ),
    tally: tallyAt(of.run, view.steps),
    events: of.bring(() => newestRows(of.run, index, at, { ...extent, filter: EVERYTHING })),
    eventsOfTests: steps.map((step) =>
      of.bring(() => newestRows(of.run, index, at, { ...extent, filter: EVERYTHING, step })),
    ),
    spent: spentAt(index, at),
  };
}

interface Kind {
  readonly name: string;
  readonly source: (clock: ManualClock) => Source;
  /** Writes a run that goes on, into an empty folder; gives the name of the log in it that grows. */
  readonly write: (dir: string) => Promise<string>;
  /** Where the run lies, given the folder and the log. */
  readonly placeOf: (dir: string, log: string) => string;
  readonly timeOf: (line: string) => number;
}

const timeOf = (line: string) => Date.parse(/"timestamp":"([^"]+)"/.exec(line)?.[1] ?? "");

const KINDS: readonly Kind[] = [
  {
    name: "AgentV",
    source: agentvSource,
    // As it stands before its end, when all of it is written anew.
    async write(dir) {
      const runsDir = await mkdir(join(dir, "runs"), { recursive: true }).then(() => join(dir, "runs"));
      const stop = new AbortController();
      let lines = 0;
      await playAgentvDemo({
        runsDir,
        clock: fastClock(),
        signal: stop.signal,
        // All tests but the last.
        onLine: () => (lines += 1) > 13 && stop.abort(),
      });
      const [runId = ""] = await readdir(runsDir);
      await cp(join(runsDir, runId), dir, { recursive: true });
      return "index.jsonl";
    },
    placeOf: (dir) => dir,
    timeOf,
  },
  {
    name: "waza",
    source: wazaSource,
    async write(dir) {
      const runsDir = join(dir, "runs");
      await mkdir(runsDir);
      await playWaza({ runsDir, clock: fastClock() });
      const log = (await readdir(runsDir)).find((name) => name.endsWith("-session.jsonl")) ?? "";
      const lines = (await readFile(join(runsDir, log), "utf8")).trimEnd().split("\n");
      await writeFile(join(dir, log), `${lines.slice(0, -1).join("\n")}\n`);
      return log;
    },
    placeOf: join,
    timeOf,
  },
];

for (const { name, placeOf, source, timeOf: timeOfLine, write } of KINDS)
  test(`at any moment an evaluation shows what a reader of its files cut there sees: ${name}`, async (t) => {
    const dir = await tempDir(t);
    const log = await write(dir);
    const lines = (await readFile(join(dir, log), "utf8")).trimEnd().split("\n");
    const read = async (from: string): Promise<RunState> => {
      const clock = new ManualClock(Date.now());
      const following = new Following(source(clock), placeOf(from, log));
      await following.readToTheEnd(clock);
      following.follower.close();
      // How long its writer has been silent is no part of what was written.
      return { ...following.state, status: "running", run: {} };
    };
    const whole = await read(dir);
    const times = lines.map(timeOfLine);
    const first = Math.min(...times);
    const atLine = fc.constantFrom(...times);
    const moment = fc.oneof(
      fc.integer({ min: first, max: Math.max(...times) + 1_000 }),
      atLine,
      atLine.map((time) => Math.max(first, time - 1)),
    );
    for (const at of new Set(fc.sample(moment, { numRuns: MOMENTS, seed: SEED }))) {
      const cutDir = await tempDir(t);
      await cp(dir, cutDir, { recursive: true });
      const kept = lines.filter((line) => timeOfLine(line) <= at);
      await writeFile(join(cutDir, log), kept.map((line) => `${line}\n`).join(""));
      const cut = await read(cutDir);
      const fresh = shown(new ServedRun(cut, (length) => length), Number.POSITIVE_INFINITY);
      assert.deepEqual(fresh.tally, cut.tally, `at ${at}, as its source counts (seed ${SEED})`);
      for (const tail of [(length: number) => length, () => 1]) {
        const served = new ServedRun(whole, tail);
        await served.learn();
        assert.deepEqual(shown(served, at), fresh, `at ${at}, ${tail(1_000)} lines held (seed ${SEED})`);
      }
    }
    assert.ok(whole.trace.length > 20);
  });
