import type { Clock } from "../clock.ts";
import { type RunState, reviveRun } from "../protocol/bundle.ts";
import type { PatchOp } from "../protocol/patch.ts";
import { Log } from "../protocol/log.ts";
import { type LogName, logNames, sessionOf, withEvents, withTrace } from "../protocol/log-ranges.ts";
import type { Extent, Follower, LogParts, Pulse, Source } from "../sources/source.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { createDraft } from "./draft.ts";
import { LoadTarget } from "./load-target.ts";
import { emptyRun } from "./empty-run.ts";
import { judge } from "./stall.ts";
import { runWire, type TopicNumber } from "./run-wire.ts";
import { Topic } from "./topic.ts";

/** After the last wake-up of a burst everything named in it is looked at once more. */
const QUIET_MS = 60;
/** So many names of one burst are told apart. */
const MOST_WOKEN = 1_000;
/** An open run is looked at whole this often, for what no event told; more seldom the more folders it has. */
const SWEEP_MS = 2_000;
const SWEEP_ENDED_MS = 10_000;
const SWEEP_PER_FOLDER_MS = 15;
/** A window is cut when it has grown by this much: seldom, and by a lot. */
const TRIM_LINES = 4 * Log.PAGE;
/** An error nobody foresaw (a disk that went away) is tried again after this. */
const RETRY_MS = 1_000;

export interface RunStoreParts {
  readonly source: Source;
  readonly extent: Extent;
  /** What the run's messages call it on the wire. */
  readonly number: TopicNumber;
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly onError: (error: unknown) => void;
  /** Told when the run's standing may have changed: its list line should follow. */
  readonly onStanding: () => void;
}

/**
 * One open run: its follower, its topic, and the wake-ups that drive them.
 *
 * What always holds: reads never overlap; a wake-up during a read causes another
 * read after it; the topic is whole (all that was on disk) before anyone sees it.
 */
export class RunStore {
  readonly topic: Topic<RunState>;
  readonly #dir: string;
  readonly #parts: RunStoreParts;
  readonly #folders: WatchedFolders;
  #follower: Follower;
  #pulse: Pulse;
  #due: Set<string> | "all" = new Set();
  #reading = false;
  #closed = false;
  #woken: Set<string> = new Set();
  #againAt = Number.POSITIVE_INFINITY;
  readonly #timers = new Map<"quiet" | "sweep" | "again" | "stall", () => void>();

  /** Reads the run to its end; the store is then live. */
  static async open(runId: string, dir: string, parts: RunStoreParts): Promise<RunStore> {
    return new RunStore(runId, dir, parts, await load(dir, parts));
  }

  private constructor(runId: string, dir: string, parts: RunStoreParts, loaded: Loaded) {
    this.#dir = dir;
    this.#parts = parts;
    this.#follower = loaded.follower;
    this.#pulse = loaded.pulse;
    this.topic = new Topic({
      state: loaded.target.state,
      wire: runWire(runId, parts.extent, parts.number),
      clock: parts.clock,
      onError: parts.onError,
      revive: reviveRun,
    });
    loaded.target.attach(this.topic);
    this.#stand();
    this.#folders = parts.watcher.open((path) => this.wake(path));
    this.#watchFolders();
    this.#sweepLater();
    // What was written between the first read and the watch is found here.
    this.#wakeAll();
  }

  /** What the topic's state leaves out, in tail extent. */
  get parts(): LogParts {
    return this.#follower.parts;
  }

  /** Something at `path` may have changed. */
  wake(path: string): void {
    if (this.#closed) return;
    // What never rests is looked at once more all the same, and its names do not pile up.
    if (this.#woken.size >= MOST_WOKEN) this.#woken = new Set([""]);
    this.#woken.add(path);
    this.#timer("quiet", QUIET_MS, () => {
      for (const woken of this.#woken) this.#mark(woken);
      this.#woken = new Set();
      this.#pump();
    });
    this.#mark(path);
    this.#pump();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#follower.close();
    this.topic.close();
    await this.#folders.close();
  }

  #mark(path: string): void {
    if (this.#due !== "all") this.#due.add(path);
  }

  #wakeAll(): void {
    this.#due = "all";
    this.#pump();
  }

  #pump(): void {
    if (this.#reading || this.#closed || this.topic.hasEnded) return;
    this.#reading = true;
    this.#readDue()
      .catch((error: unknown) => {
        this.#parts.onError(error);
        this.#againIn(RETRY_MS);
      })
      .finally(() => {
        this.#reading = false;
        if (this.#due === "all" || this.#due.size > 0) this.#pump();
      });
  }

  async #readDue(): Promise<void> {
    const due = this.#due;
    this.#due = new Set();
    const result = await this.#follower.read(due);
    if (this.#closed) return;
    if (result.kind === "rewritten") return this.#startOver();
    this.#pulse = result.pulse;
    this.#stand();
    this.#watchFolders();
    this.#trim();
    if (result.readAgainIn !== undefined) this.#againIn(result.readAgainIn);
  }

  /** The files are others than they were: read them anew, and show nothing in between. */
  async #startOver(): Promise<void> {
    this.#follower.close();
    const loaded = await load(this.#dir, this.#parts);
    if (this.#closed) return loaded.follower.close();
    this.#follower = loaded.follower;
    this.#pulse = loaded.pulse;
    this.topic.restart(loaded.target.state);
    loaded.target.attach(this.topic);
    this.#stand();
    this.#watchFolders();
    this.#due = "all";
  }

  /** The sooner of what was asked for before and now. */
  #againIn(ms: number): void {
    const at = this.#parts.clock.passed() + ms;
    if (this.#againAt <= at) return;
    this.#againAt = at;
    this.#timer("again", ms, () => {
      this.#againAt = Number.POSITIVE_INFINITY;
      this.#wakeAll();
    });
  }

  /** Lets go of the older part of each log that has grown well past its window. */
  #trim(): void {
    if (this.#parts.extent !== "tail") return;
    for (const name of logNames(this.topic.state)) {
      const from = this.#follower.parts.windowFrom(name);
      if (from === undefined || from < heldFrom(this.topic.state, name) + TRIM_LINES) continue;
      const isKept = (page: number) => page * Log.PAGE >= from;
      const session = sessionOf(name);
      this.topic.trim((run) =>
        session === null
          ? withTrace(run, (log) => log.release(isKept))
          : withEvents(run, session, (log) => log.release(isKept)),
      );
    }
  }

  #watchFolders(): void {
    for (const folder of this.#follower.folders) this.#folders.add(folder);
  }

  #sweepLater(): void {
    if (this.#parts.watcher.isOff) return;
    const usual = this.#pulse.silenceMs === null ? SWEEP_ENDED_MS : SWEEP_MS;
    this.#timer("sweep", Math.max(usual, this.#follower.folders.length * SWEEP_PER_FOLDER_MS), () => {
      this.#wakeAll();
      this.#sweepLater();
    });
  }

  /** Brings `status` in line with the files and the clock. */
  #stand(): void {
    const now = this.#parts.clock.now();
    const standing = judge(this.#pulse, now);
    const { status, stalledSince } = this.topic.state;
    const ops: PatchOp[] = [];
    if (status !== standing.status) ops.push({ op: "replace", path: "/status", value: standing.status });
    if (standing.stalledSince !== undefined && standing.stalledSince !== stalledSince) {
      ops.push({ op: "add", path: "/stalledSince", value: standing.stalledSince });
    }
    if (standing.stalledSince === undefined && stalledSince !== undefined) {
      ops.push({ op: "remove", path: "/stalledSince" });
    }
    if (ops.length > 0) {
      this.topic.apply(ops);
      this.#parts.onStanding();
    }
    const { silenceMs, lastWriteAt } = this.#pulse;
    if (silenceMs === null || standing.status === "stalled") return;
    this.#timer("stall", Math.max(1, lastWriteAt + silenceMs + 1 - now), () => this.#wakeAll());
  }

  #timer(name: "quiet" | "sweep" | "again" | "stall", ms: number, task: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#parts.clock.after(ms, task));
  }
}

function heldFrom(run: RunState, name: LogName): number {
  const session = sessionOf(name);
  return (session === null ? run.trace : run.sessions[session]?.events)?.heldFrom ?? 0;
}

interface Loaded {
  readonly follower: Follower;
  readonly pulse: Pulse;
  readonly target: LoadTarget;
}

async function load(dir: string, { extent, source }: RunStoreParts): Promise<Loaded> {
  for (;;) {
    const target = new LoadTarget(emptyRun(source));
    const follower = source.follow(dir, createDraft(target), extent);
    const first = await follower.read("all");
    // Rewritten while it was first read: what there is now is the run.
    if (first.kind === "read") return { follower, pulse: first.pulse, target };
    follower.close();
  }
}
