import {
  type Flow,
  type Manifest,
  type ReadProblem,
  type RunFile,
  type Step,
} from "../../protocol/bundle.ts";
import type { RunStatus } from "../../protocol/status.ts";
import { RunProblems } from "../run-problems.ts";
import type { Draft } from "../source.ts";
import { mergeRun, statusOf } from "./merge-run.ts";

type SessionPart = "binding" | "record";

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
  readonly #sessions = new Map<string, Partial<Record<SessionPart, Record<string, unknown>>>>();
  readonly #problems = new RunProblems();

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
    if (this.#sessions.has(id)) return;
    this.#sessions.set(id, {});
    this.#draft.set(["sessions", id], { id, binding: null, record: null, events: [] });
  }

  setSessionPart(id: string, part: SessionPart, value: Record<string, unknown>): void {
    const parts = this.#sessions.get(id);
    if (parts === undefined) return;
    this.#draft.reconcile(["sessions", id, part], parts[part] ?? null, value);
    parts[part] = value;
  }

  /** Counted, and told with `tellProblems`: a log can be garbage from end to end. */
  report(problem: ReadProblem): void {
    this.#problems.report(problem);
  }

  tellProblems(): void {
    this.#problems.tell(this.#draft);
  }

  #merge(): void {
    const merged = mergeRun(this.#runFile, this.#liveFile, this.#merged);
    this.#draft.reconcile(["run"], this.#merged, merged);
    this.#merged = merged;
  }
}
