import { CASES, FLAWS, type FlawedCase, scoreOf } from "./agentv-cases.ts";
import type { AgentvTest } from "./agentv-run.ts";

/** A test of the demo's evaluation, and when it begins and how long it takes at normal speed. */
export interface StoryTest {
  readonly test: AgentvTest;
  readonly beginsMs: number;
}

/** So many tests are run at a time. */
const WORKERS = 3;

/** What goes wrong from run to run: so that there is something to compare. */
const WRONG: readonly (readonly FlawedCase[])[] = [
  ["breaking-change", "huge-range"],
  ["breaking-change", "links-issues", "merge-commits"],
  ["merge-commits", "keeps-style"],
  [],
];

/** The tests of the `number`th run, from 0, in the order in which they are defined. Each begins when a worker is free. */
export function storyOf(number: number): StoryTest[] {
  const wrong: ReadonlySet<string> = new Set(WRONG[number % WRONG.length]);
  const flaws: ReadonlyMap<string, Partial<AgentvTest>> = new Map(Object.entries(FLAWS));
  const free = Array.from({ length: WORKERS }, (_, worker) => 400 + worker * 150);
  return CASES.map((good, place) => {
    const flaw = wrong.has(good.id) ? flaws.get(good.id) : undefined;
    const worse = { ...good, ...flaw };
    const test = paced({ ...worse, score: scoreOf(worse) }, paceOf(number, place));
    const beginsMs = Math.min(...free);
    free[free.indexOf(beginsMs)] = beginsMs + test.durationMs;
    return { test, beginsMs };
  });
}

/** The first run has the pace that is written down, others are up to a fifth quicker or slower. */
function paceOf(number: number, place: number): number {
  return number === 0 ? 1 : 0.8 + ((number * 7 + place * 5) % 9) / 20;
}

function paced(test: AgentvTest, pace: number): AgentvTest {
  const { costUsd, durationMs, tokens } = test;
  return {
    ...test,
    durationMs: Math.round(durationMs * pace),
    ...(costUsd === undefined ? {} : { costUsd: Math.round(costUsd * pace * 100_000) / 100_000 }),
    ...(tokens === undefined ? {} : { tokens: [Math.round(tokens[0] * pace), Math.round(tokens[1] * pace)] }),
  };
}
