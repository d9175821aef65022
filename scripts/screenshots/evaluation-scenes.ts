import { basename } from "node:path";
import { playAgentvDemo } from "../demo/agentv-demo.ts";
import { quickClock, restingClock } from "./scene-clocks.ts";
import { playWaza } from "../demo/waza-demo.ts";
import { newcomer } from "./newcomer.ts";

export interface EvaluationScenes {
  readonly evaluation: string;
  readonly evaluated: string;
  /** The run before `evaluated`, for comparing. */
  readonly evaluatedBefore: string;
}

/** Two thirds of its tests have ended then. */
const LIVE_AFTER_MS = 20_500;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long ago the earlier runs began, and which of the demo's stories each one tells. */
const EARLIER = [
  { agoMs: 6 * DAY, number: 1 },
  { agoMs: 5 * DAY, number: 5 },
  { agoMs: 4 * DAY, number: 6 },
  { agoMs: 2 * DAY, number: 3 },
] as const;

/** An evaluation in flight, which then says no more, and the runs before it. */
export async function writeEvaluations(runsDir: string, signal: AbortSignal): Promise<EvaluationScenes> {
  for (const { agoMs, number } of EARLIER) await played(runsDir, agoMs, number);
  const evaluatedBefore = await played(runsDir, DAY, 2);
  const evaluated = await played(runsDir, 9 * MINUTE, 0);
  await playWaza({ runsDir, clock: quickClock(Date.now() - 5 * 60 * MINUTE) });
  const { clock, resting } = restingClock(LIVE_AFTER_MS, signal, null);
  const evaluation = await newcomer(runsDir, async () => {
    void playAgentvDemo({ runsDir, clock, number: 4, signal }).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
    });
    await resting;
  });
  return { evaluation, evaluated, evaluatedBefore };
}

async function played(runsDir: string, agoMs: number, number: number): Promise<string> {
  const { dir } = await playAgentvDemo({ runsDir, clock: quickClock(Date.now() - agoMs), number });
  return basename(dir);
}
