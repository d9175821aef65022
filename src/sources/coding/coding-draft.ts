import {
  type Manifest,
  type ReadProblem,
  type RunFile,
  type Step,
  type TraceEvent,
} from "../../protocol/bundle.ts";
import type { PlanLimit } from "../../protocol/plan-limit.ts";
import { RunProblems } from "../run-problems.ts";
import type { Draft, Extent } from "../source.ts";
import { traceLines } from "../translated-lines.ts";
import { TranslatedLog } from "../translated-log.ts";
import type { TraceLine } from "./trace-writer.ts";

/** What is known of a subagent's session besides its log. */
export interface Binding {
  readonly name: string;
  readonly call?: string;
  readonly parent?: string;
}

/**
 * What is said of a coding session, as the run state has it. What always holds: until the first read is
 * done nothing of the trace is in the draft, because how much of its end is held depends on how long it is.
 */
export class CodingDraft {
  readonly trace: TranslatedLog<TraceEvent>;
  readonly #draft: Draft;
  readonly #extent: Extent;
  /** By the session. */
  readonly #bindings = new Map<string, Binding | null>();
  /** In whole extent: where the step of each turn is that has begun. */
  readonly #steps = new Map<string, { readonly at: string; readonly title: string }>();
  #isSettled = false;
  #manifest: Manifest = { runId: "" };
  #run: RunFile = {};
  #project: string | null = null;
  #limits: readonly PlanLimit[] = [];
  #reading: { readonly done: number; readonly of: number } | null = null;
  readonly #problems = new RunProblems();

  constructor(draft: Draft, extent: Extent) {
    this.#draft = draft;
    this.#extent = extent;
    this.trace = new TranslatedLog(traceLines, () => this.#bindings.size + 1);
  }

  setManifest(manifest: Manifest): void {
    this.#draft.reconcile(["manifest"], this.#manifest, manifest);
    this.#manifest = manifest;
  }

  setRun(run: RunFile): void {
    this.#draft.reconcile(["run"], this.#run, run);
    this.#run = run;
  }

  setProject(project: string | null): void {
    if (project === this.#project) return;
    this.#project = project;
    this.#put("project", project);
  }

  setLimits(limits: readonly PlanLimit[]): void {
    if (JSON.stringify(limits) === JSON.stringify(this.#limits)) return;
    this.#limits = limits;
    this.#draft.set(["planLimits"], limits);
  }

  /** How far the files have been read; null: to their ends. */
  setReading(reading: { readonly done: number; readonly of: number } | null): void {
    if (reading?.done === this.#reading?.done && reading?.of === this.#reading?.of) return;
    this.#reading = reading;
    this.#put("reading", reading);
  }

  /** A session is there, empty, from the moment its file is. */
  addSession(id: string, binding: Binding | null): void {
    this.#bindings.set(id, binding);
    this.#draft.set(["sessions", id], { id, binding, record: null, events: [] });
  }

  /** It is known now which call started the session. */
  bindTo(id: string, call: { readonly call: string; readonly parent: string }): void {
    const before = this.#bindings.get(id);
    if (before == null || (before.call === call.call && before.parent === call.parent)) return;
    const binding = { ...before, ...call };
    this.#draft.reconcile(["sessions", id, "binding"], before, binding);
    this.#bindings.set(id, binding);
  }

  /** Only what comes from this line on is appended. */
  beginEvents(id: string, from: number): void {
    this.#draft.set(["sessions", id, "events"], { from, entries: [] });
  }

  appendEvent(id: string, event: unknown): void {
    this.#draft.append(["sessions", id, "events"], event);
  }

  tell(line: TraceLine): void {
    const event: TraceEvent = { seq: this.trace.length + 1, ...line };
    this.trace.add(event);
    if (this.#isSettled) this.#draft.append(["trace"], event);
    if (this.#extent === "whole") this.#step(event);
  }

  report(problem: ReadProblem): void {
    this.#problems.report(problem);
  }

  tellProblems(): void {
    this.#problems.tell(this.#draft);
  }

  /** To be called at the end of every read. */
  settle(): void {
    this.tellProblems();
    if (this.#isSettled) return;
    this.#isSettled = true;
    const from = this.#extent === "tail" ? this.trace.windowFrom() : 0;
    const entries = [...this.trace.from(from)];
    this.#draft.set(["trace"], from === 0 ? entries : { from, entries });
  }

  /** Steps are turns that have ended. */
  #step({ at, attemptId, nodeId, payload, type }: TraceEvent): void {
    if (attemptId == null || nodeId == null) return;
    const text = (key: string) => (typeof payload?.[key] === "string" ? payload[key] : undefined);
    if (type === "turn_started") this.#steps.set(attemptId, { at, title: text("title") ?? "" });
    const begun = this.#steps.get(attemptId);
    if (type !== "turn_ended" || begun === undefined) return;
    this.#steps.delete(attemptId);
    const error = text("error");
    const step: Step = {
      attemptId,
      nodeId,
      nodeType: "turn",
      outcome: text("outcome") ?? "unknown",
      startedAt: begun.at,
      finishedAt: at,
      promptText: begun.title,
      ...(error === undefined ? {} : { error }),
    };
    this.#draft.append(["steps"], step);
  }

  #put(key: string, value: unknown): void {
    if (value === null) this.#draft.remove([key]);
    else this.#draft.set([key], value);
  }
}
