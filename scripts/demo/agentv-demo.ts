import { AgentvRun } from "./agentv-run.ts";
import { EVAL_FILE, STORY } from "./agentv-story.ts";
import { type Clock, realClock } from "./clock.ts";

export interface AgentvDemoOptions {
  readonly runsDir: string;
  /** 1 takes about 30 seconds; 10 a tenth of it. */
  readonly speed?: number;
  readonly clock?: Clock;
  /** Aborting leaves the run as a killed AgentV does: nothing says so. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Writes one evaluation, live, into `runsDir`; resolves when it has ended. */
export async function playAgentvDemo(options: AgentvDemoOptions): Promise<{ dir: string; status: string }> {
  const { clock = realClock, onLine, runsDir, signal, speed = 1 } = options;
  const startedAt = clock.now();
  const run = new AgentvRun(runsDir, startedAt, EVAL_FILE, STORY.length);
  await run.start();
  onLine?.(`${EVAL_FILE}: ${run.dir}`);
  const ends = STORY.map(({ beginsMs, test }) => ({ test, endsMs: beginsMs + test.durationMs }));
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
    STORY.map(({ test }) => test.id),
  );
  return { dir: run.dir, status: "completed" };
}
