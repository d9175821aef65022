import type { TestContext } from "node:test";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import type { Story } from "../../scripts/demo/story-shape.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import type { Scene } from "../helpers/browser.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { type ChildViewer, startChildViewer, type ViewerOptions } from "./child-viewer.ts";
import { ReelPage } from "./reel-page.ts";

/** All that a browser test plays with: a folder of runs, a viewer of it, and its page. */
export interface Stage {
  readonly runsDir: string;
  readonly viewer: ChildViewer;
  readonly reel: ReelPage;
  /** Starts a run that writes itself, in real time; it is told to end with the test. */
  play(options: PlayOptions): PlayingRun;
  /** A run whose every file the test writes. */
  run(runId: string, startedAt?: string): AcpxRun;
}

interface PlayOptions {
  readonly speed?: number;
  readonly story?: Story;
}

interface PlayingRun {
  /** The run is complete, or has been told to end. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

interface StageOptions extends ViewerOptions {
  /** Puts what is already there when the viewer starts into the folder of runs. */
  readonly before?: (runsDir: string) => Promise<void>;
}

export async function setStage({ page, t }: Scene, options: StageOptions = {}): Promise<Stage> {
  const playing: PlayingRun[] = [];
  // Before the folder is made: what writes has ended when the folder goes.
  t.after(() => Promise.all(playing.map((run) => run.stop())));
  const runsDir = await tempDir(t);
  await options.before?.(runsDir);
  const viewer = await startChildViewer(t, runsDir, options);
  return {
    runsDir,
    viewer,
    reel: new ReelPage(page, viewer.url),
    play(options) {
      const run = startPlaying(t, runsDir, options);
      playing.push(run);
      return run;
    },
    run: (runId, startedAt) => new AcpxRun(runsDir, runId, startedAt),
  };
}

function startPlaying(t: TestContext, runsDir: string, options: PlayOptions): PlayingRun {
  const stop = new AbortController();
  const ended = playDemo({ ...options, runsDir, signal: stop.signal }).then(
    () => undefined,
    (error: unknown) => t.diagnostic(`The demo failed: ${String(error)}`),
  );
  return {
    ended,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
