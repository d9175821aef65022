import { cp, mkdir, readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { playDemo } from "../demo/demo-run.ts";
import { ENDINGS, restingReview } from "../demo/endings.ts";
import type { Story } from "../demo/story-shape.ts";
import { type EvaluationScenes, writeEvaluations } from "./evaluation-scenes.ts";
import { newcomer } from "./newcomer.ts";
import { quickClock, restingClock } from "./scene-clocks.ts";
import { type SessionScenes, writeSessions } from "./session-scenes.ts";

/** The runs that the pictures are of, by what they show. */
export interface Scenes extends EvaluationScenes, SessionScenes {
  readonly live: string;
  readonly completed: string;
  readonly failed: string;
  readonly waiting: string;
  readonly stalled: string;
  /** When all of them had been written, in ms. */
  readonly writtenAt: number;
}

/** A run in flight has got this far, ms after its start. */
const LIVE_AFTER_MS = 37_500;
const SILENT_FOR_MS = 4 * 60_000;
const STAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

function earlier(stamp: string, ms: number): string {
  return new Date(Date.parse(stamp) - ms).toISOString();
}

/**
 * Writes a run of every kind. All but the one in flight are played on a clock of
 * their own, which ends about now; that one is played as fast as it can be, and
 * then says no more: live, and still enough for a picture.
 */
export async function writeScenes(runsDir: string, signal: AbortSignal): Promise<Scenes> {
  await mkdir(runsDir, { recursive: true });
  const completed = await played(runsDir, { ...ENDINGS.completed, runTitle: "Review PR 391" }, 26 * 60_000);
  const failed = await played(runsDir, ENDINGS.failed, 14 * 60_000);
  const waiting = await played(runsDir, ENDINGS.waiting, 3 * 60_000);
  const live = await playedUntilItRests(runsDir, signal);
  const stalled = await silentCopy(runsDir, live);
  const evaluations = await writeEvaluations(runsDir, signal);
  const sessions = await writeSessions(runsDir);
  return { live, completed, failed, waiting, stalled, ...evaluations, ...sessions, writtenAt: Date.now() };
}

/** A run that ended so long ago. */
async function played(runsDir: string, story: Story, agoMs: number): Promise<string> {
  const clock = quickClock(Date.now() - agoMs);
  return (await playDemo({ runsDir, story, clock, seed: story.runTitle })).runId;
}

async function playedUntilItRests(runsDir: string, signal: AbortSignal): Promise<string> {
  // It wakes for its heartbeats.
  const { clock, resting } = restingClock(LIVE_AFTER_MS, signal, 5_000);
  return newcomer(runsDir, async () => {
    void playDemo({ runsDir, story: restingReview, clock, seed: "live", signal }).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
    });
    await resting;
  });
}

/** The same run, as if its process had been killed where it is now. */
async function silentCopy(runsDir: string, runId: string): Promise<string> {
  const copyId = `${runId}-silent`;
  // Made beside the folder of runs: there a half-made copy would be a run already.
  const dir = `${runsDir}-silent`;
  await cp(join(runsDir, runId), dir, { recursive: true });
  for (const name of await readdir(dir, { recursive: true })) {
    if (!/\.(?:nd)?json$/.test(name) || name.startsWith("artifacts")) continue;
    const text = await readFile(join(dir, name), "utf8");
    const renamed = text.replaceAll(runId, copyId).replaceAll("Review PR 412", "Review PR 377");
    await writeFile(
      join(dir, name),
      renamed.replaceAll(STAMP, (stamp) => earlier(stamp, SILENT_FOR_MS)),
    );
  }
  const then = new Date(Date.now() - SILENT_FOR_MS);
  for (const entry of await readdir(dir, { recursive: true })) await utimes(join(dir, entry), then, then);
  await utimes(dir, then, then);
  await rename(dir, join(runsDir, copyId));
  return copyId;
}
