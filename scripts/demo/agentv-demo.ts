import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { EVAL_FILE } from "./agentv-cases.ts";
import { AgentvRun } from "./agentv-run.ts";
import { storyOf } from "./agentv-story.ts";
import { type Clock, realClock } from "./clock.ts";

export interface AgentvDemoOptions {
  readonly runsDir: string;
  /** 1 takes about 30 seconds; 10 a tenth of it. */
  readonly speed?: number;
  readonly clock?: Clock;
  /** The how manieth run it is, from 0: other tests go wrong in each. Without it as many as lie there. */
  readonly number?: number;
  /** Aborting leaves the run as a killed AgentV does: nothing says so. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Writes one evaluation, live, into `runsDir`; resolves when it has ended. */
export async function playAgentvDemo(options: AgentvDemoOptions): Promise<{ dir: string; status: string }> {
  const { clock = realClock, onLine, runsDir, signal, speed = 1 } = options;
  const story = storyOf(options.number ?? (await runsIn(runsDir)));
  const startedAt = clock.now();
  const run = new AgentvRun(runsDir, startedAt, EVAL_FILE, story.length);
  await run.start();
  onLine?.(`${EVAL_FILE}: ${run.dir}`);
  const ends = story.map(({ beginsMs, test }) => ({ test, endsMs: beginsMs + test.durationMs }));
  for (const { endsMs, test } of ends.toSorted((left, right) => left.endsMs - right.endsMs)) {
    const wait = startedAt.getTime() + endsMs / speed - clock.now().getTime();
    if (wait > 0) await clock.sleep(wait, signal);
    if (signal?.aborted === true) return { dir: run.dir, status: "interrupted" };
    // What it says it took is what it took here.
    const durationMs = Math.round(test.durationMs / speed);
    await run.result({ ...test, durationMs }, clock.now());
    onLine?.(`${test.id}  ${test.error ?? `score ${test.score}`}`);
  }
  await run.finish(
    clock.now(),
    story.map(({ test }) => test.id),
  );
  return { dir: run.dir, status: "completed" };
}

/** How many evaluations lie in the folder. */
async function runsIn(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) =>
      access(join(dir, name, "benchmark.json")).then(
        () => 1,
        () => 0,
      ),
    ),
  );
  return found.filter((one) => one === 1).length;
}
