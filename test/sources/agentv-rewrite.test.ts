import assert from "node:assert/strict";
import { appendFile, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import type { Extent } from "../../src/sources/source.ts";
import { withoutFiles } from "../helpers/trace-lines.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const START = Date.parse("2026-01-02T03:04:05.678Z");

const Case = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
  suite: fc.constantFrom("one", "two"),
  target: fc.constantFrom("left", "right"),
  score: fc.constantFrom(0, 0.5, 0.8, 1),
  isBroken: fc.boolean(),
  /** Since the one before: some end in the same millisecond. */
  afterMs: fc.constantFrom(0, 1, 400),
  chars: fc.nat(3_000),
});

type Case = typeof Case extends fc.Arbitrary<infer Value> ? Value : never;

function testOf({ chars, id, isBroken, score, suite, target }: Case): AgentvTest {
  return {
    id,
    suite,
    target,
    score,
    question: `What is ${id}?`,
    answer: "ö".repeat(chars),
    durationMs: 300,
    tools: [{ name: "Read", input: { path: `${id}.txt` }, output: "text", failed: score === 0 }],
    ...(isBroken ? { error: "it broke" } : {}),
  };
}

const Story = fc.record({
  layout: fc.constantFrom("A" as const, "B" as const),
  cases: fc.uniqueArray(Case, {
    minLength: 1,
    maxLength: 12,
    selector: ({ id, suite, target }) => `${suite}/${id}/${target}`,
  }),
  /** Where appended rows and the rewritten index are cut, as shares of each. */
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
  /** In which order the tests were defined. */
  order: fc.shuffledSubarray(["a", "b", "c", "d", "e", "f", "g"], { minLength: 7 }),
  /** After which steps nobody looked. */
  unseen: fc.array(fc.nat(40), { maxLength: 20 }),
  extent: fc.constantFrom<Extent>("whole", "tail"),
});

function isNoLess(before: Tally | undefined, now: Tally | undefined): boolean {
  if (before === undefined) return true;
  if (now === undefined) return false;
  return (["total", "done", "passed", "failed", "errors"] as const).every(
    (count) => now[count] >= before[count],
  );
}

test("cut and torn anywhere, counts never go back, and who comes after the end finds what was watched", async (t) => {
  const root = await tempDir(t);
  await fc.assert(
    fc.asyncProperty(Story, async ({ cases, cuts, extent, layout, order, unseen }) => {
      const run = new AgentvRun(
        await mkdtemp(join(root, "runs-")),
        new Date(START),
        "words.eval.yaml",
        cases.length,
        { layout },
      );
      const clock = new ManualClock(Date.now());
      const source = agentvSource(clock);
      const glancer = source.glancer(run.dir);
      await run.start();
      const following = new Following(source, run.dir, extent);
      let step = 0;
      let listed: Tally | undefined;
      let shown: Tally | undefined;
      const look = async (): Promise<void> => {
        step += 1;
        clock.advance(20);
        if (unseen.includes(step)) return;
        await following.read();
        assert.ok(isNoLess(shown, following.state.tally));
        shown = following.state.tally;
        const tally = (await glancer.read())?.summary.tally;
        assert.ok(isNoLess(listed, tally));
        listed = tally;
      };
      const inPieces = async (bytes: Buffer): Promise<void> => {
        const ends = [
          ...cuts.map((cut) => Math.round(cut * bytes.length)).toSorted((a, b) => a - b),
          bytes.length,
        ];
        let from = 0;
        for (const to of ends) {
          await appendFile(run.index, bytes.subarray(from, to));
          from = to;
          await look();
        }
      };

      await look();
      let now = START;
      const moments = new Map<number, string[]>();
      for (const one of cases) {
        now += one.afterMs;
        moments.set(now, [...(moments.get(now) ?? []), run.line(testOf(one), new Date(now))]);
      }
      for (const lines of moments.values()) {
        // What ended in one millisecond is written at once: who looks in between may find another order.
        if (lines.length === 1) await inPieces(Buffer.from(lines.join("")));
        else await appendFile(run.index, lines.join(""));
        await look();
      }
      await run.finishBeside(order);
      await look();
      await writeFile(run.index, "");
      await look();
      await inPieces(Buffer.from(run.finalIndex(order)));
      await following.readToTheEnd(clock);

      const late = new Following(source, run.dir, extent);
      await late.read();
      assert.equal(following.state.run.status, "completed");
      assert.deepEqual(late.state.run, following.state.run);
      assert.deepEqual(late.state.tally, following.state.tally);
      assert.deepEqual((await source.glancer(run.dir).read())?.summary.tally, late.state.tally);
      assert.deepEqual(told(late), told(following));
    }),
    { numRuns: 40 },
  );
});

/** The state, without the files of results: who watched was told of them when they were there. */
function told({ state }: Following): unknown {
  const { trace, ...rest } = state;
  return JSON.parse(JSON.stringify({ ...rest, trace: withoutFiles(trace) }), (key, value: unknown) =>
    key === "files" || key === "seq" ? undefined : value,
  );
}
