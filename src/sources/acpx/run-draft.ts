import {
  type Flow,
  type Manifest,
  MAX_LISTED_PROBLEMS,
  type ReadProblem,
  type ReadProblems,
  type RunFile,
  type Step,
} from "../../protocol/bundle.ts";
import type { RunStatus } from "../../protocol/status.ts";
import type { Draft } from "../source.ts";
import { mergeRun, statusOf } from "./merge-run.ts";

/** A log's place in the state. */
export type LogPath = readonly ["trace"] | readonly ["sessions", string, "events"];

/**
 * What the content of each file means for the state. Projections are rewritten
 * whole by acpx, so each is compared with what it was before, and only with that.
 */
export class RunDraft {
  readonly #draft: Draft;
  #manifest: Manifest = { runId: "" };
  #flow: Flow | null = null;
  #runFile: RunFile | null = null;
  #liveFile: RunFile | null = null;
  #merged: RunFile = {};
  #steps: readonly Step[] = [];
  readonly #sessionParts = new Map<string, Record<string, unknown> | null>();
  #problems: ReadProblems = { count: 0, listed: [] };

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get status(): RunStatus {
    return statusOf(this.#manifest, this.#merged);
  }

  append(log: LogPath, entry: unknown): void {
    this.#draft.append(log, entry);
  }

  /** Only what comes from this line on is appended. */
  beginLog(log: LogPath, from: number): void {
    this.#draft.set(log, { from, entries: [] });
  }

  setManifest(manifest: Manifest): void {
    this.#draft.reconcile(["manifest"], this.#manifest, manifest);
    this.#manifest = manifest;
  }

  setFlow(flow: Flow): void {
    this.#draft.reconcile(["flow"], this.#flow, flow);
    this.#flow = flow;
  }

  setRun(file: RunFile): void {
    this.#runFile = file;
    this.#merge();
  }

  setLive(file: RunFile): void {
    this.#draft.reconcile(["live"], this.#liveFile, file);
    this.#liveFile = file;
    this.#merge();
  }

  /** Steps only grow: a shorter file is one read too early, and the longer state stands. */
  setSteps(steps: readonly Step[]): void {
    for (const [index, step] of steps.entries()) {
      const before = this.#steps[index];
      if (before === undefined) this.#draft.append(["steps"], step);
      else this.#draft.reconcile(["steps", String(index)], before, step);
    }
    this.#steps = [...steps, ...this.#steps.slice(steps.length)];
  }

  /** A session is there, empty, from the moment the manifest names it. */
  addSession(id: string): void {
    if (this.#sessionParts.has(id)) return;
    this.#sessionParts.set(id, null);
    this.#draft.set(["sessions", id], { id, binding: null, record: null, events: [] });
  }

  setSessionPart(id: string, part: "binding" | "record", value: Record<string, unknown>): void {
    const key = `${id}/${part}`;
    this.#draft.reconcile(["sessions", id, part], this.#sessionParts.get(key) ?? null, value);
    this.#sessionParts.set(key, value);
  }

  report(problem: ReadProblem): void {
    const { count, listed } = this.#problems;
    if (listed.length < MAX_LISTED_PROBLEMS) {
      this.#problems = { count: count + 1, listed: [...listed, problem] };
      this.#draft.set(["problems"], this.#problems);
    } else {
      // A log can be garbage from end to end: then every line of it would send the list again.
      this.#problems = { count: count + 1, listed };
      this.#draft.set(["problems", "count"], count + 1);
    }
  }

  #merge(): void {
    const merged = mergeRun(this.#runFile, this.#liveFile, this.#merged);
    this.#draft.reconcile(["run"], this.#merged, merged);
    this.#merged = merged;
  }
}
