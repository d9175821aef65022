import { dirname, sep } from "node:path";
import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import {
  Flow,
  Manifest,
  MAX_LISTED_PROBLEMS,
  type ReadProblem,
  type ReadProblems,
  RunFile,
  SessionEvent,
  Step,
  TraceEvent,
} from "../../protocol/bundle.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { hasCode } from "../file-errors.ts";
import { JsonFile } from "../json-file.ts";
import { JsonLines } from "../json-lines.ts";
import type { Draft, Follower, FollowResult } from "../source.ts";
import { MANIFEST, readLayout, type SessionFiles } from "./layout.ts";
import { allowedSilence, mergeRun, statusOf } from "./merge-run.ts";

const Steps = v.array(Step);
const JsonObject = v.record(v.string(), v.unknown());

/** What one followed file says after a look at it. */
type Look =
  | { readonly kind: "looked"; readonly modifiedAt: number; readonly readAgainIn?: number }
  | { readonly kind: "rewritten" };

interface Followed {
  readonly name: string;
  readonly path: string;
  look(): Promise<Look>;
  /** A file that was just named is looked at, whatever woke us. */
  isNew: boolean;
}

/**
 * Follows one acpx run: logs by their tails, projections by reconciling the
 * small subtree that each one is. The manifest leads; the other files are found
 * through it, as they appear.
 */
export class FollowRun implements Follower {
  readonly #dir: string;
  readonly #draft: Draft;
  readonly #clock: Clock;
  readonly #logs = new Map<string, Followed>();
  readonly #documents = new Map<string, Followed>();
  readonly #manifestFile: Followed;
  readonly #folders: Set<string>;
  #manifest: Manifest = { runId: "" };
  #manifestIsNew = false;
  #flow: Flow | null = null;
  #runFile: RunFile | null = null;
  #liveFile: RunFile | null = null;
  #merged: RunFile = {};
  #steps: Step[] = [];
  readonly #sessionParts = new Map<string, unknown>();
  #problems: ReadProblems = { count: 0, listed: [] };
  readonly #refused = new Set<string>();
  #lastWriteAt = 0;

  constructor(dir: string, draft: Draft, clock: Clock) {
    this.#dir = dir;
    this.#draft = draft;
    this.#clock = clock;
    this.#folders = new Set([dir]);
    this.#manifestFile = this.#json(new BundleFile(dir, MANIFEST), Manifest, (value) =>
      this.#setManifest(value),
    );
  }

  get folders(): readonly string[] {
    return [...this.#folders];
  }

  async read(changed: ReadonlySet<string> | "all"): Promise<FollowResult> {
    const due = changed === "all" ? "all" : new Set([...changed].filter((path) => !isTemporary(path)));
    const manifest = await this.#lookAt([this.#manifestFile], due);
    if (manifest.kind === "rewritten") return manifest;
    if (this.#manifestIsNew) this.#findFiles();
    // acpx writes its projections before the lines of the trace that tell of them. Read the other
    // way round, a state never tells of an outcome whose projections it does not hold.
    const rest = await this.#lookAt([...this.#logs.values(), ...this.#documents.values()], due);
    if (rest.kind === "rewritten") return rest;
    const again = [manifest.readAgainIn, rest.readAgainIn].filter((ms) => ms !== undefined);
    const status = statusOf(this.#manifest, this.#merged);
    const pulse = { status, silenceMs: allowedSilence(status), lastWriteAt: this.#lastWriteAt };
    return again.length > 0
      ? { kind: "read", pulse, readAgainIn: Math.min(...again) }
      : { kind: "read", pulse };
  }

  async #lookAt(files: readonly Followed[], due: ReadonlySet<string> | "all"): Promise<Look> {
    let readAgainIn: number | undefined;
    for (const file of files) {
      if (!file.isNew && due !== "all" && !isDue(file.path, due)) continue;
      file.isNew = false;
      const look = await this.#lookSafely(file);
      if (look.kind === "rewritten") return look;
      this.#lastWriteAt = Math.max(this.#lastWriteAt, look.modifiedAt);
      if (look.readAgainIn !== undefined) {
        readAgainIn = Math.min(readAgainIn ?? look.readAgainIn, look.readAgainIn);
      }
    }
    const modifiedAt = this.#lastWriteAt;
    return readAgainIn === undefined
      ? { kind: "looked", modifiedAt }
      : { kind: "looked", modifiedAt, readAgainIn };
  }

  /** One file that cannot be opened is a problem of that file, not of the run. */
  async #lookSafely(file: Followed): Promise<Look> {
    try {
      return await file.look();
    } catch (error) {
      if (error instanceof OutsideRunError) this.#refuse(file.name, error.message);
      else if (hasCode(error, "EACCES") || hasCode(error, "EPERM"))
        this.#refuse(file.name, "It may not be read.");
      else throw error;
      return { kind: "looked", modifiedAt: 0 };
    }
  }

  // The manifest names the files; each is followed from the moment it is named.
  #findFiles(): void {
    this.#manifestIsNew = false;
    const { layout, refused } = readLayout(this.#manifest);
    for (const { what, message } of refused) this.#refuse(what, message);
    this.#followLog(layout.trace, TraceEvent, ["trace"]);
    for (const session of layout.sessions) this.#followSession(session);
    this.#followJson(layout.flow, Flow, (value) => this.#setFlow(value));
    this.#followJson(layout.run, RunFile, (value) => this.#setRun(value));
    this.#followJson(layout.live, RunFile, (value) => this.#setLive(value));
    this.#followJson(layout.steps, Steps, (value) => this.#setSteps(value));
  }

  #followSession(session: SessionFiles): void {
    const { id } = session;
    if (!this.#sessionParts.has(id)) {
      this.#sessionParts.set(id, null);
      this.#draft.set(["sessions", id], { id, binding: null, record: null, events: [] });
    }
    this.#followLog(session.events, SessionEvent, ["sessions", id, "events"]);
    for (const part of ["binding", "record"] as const) {
      this.#followJson(session[part], JsonObject, (value) => this.#setSessionPart(id, part, value));
    }
  }

  #followJson<Value>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    take: (value: Value) => void,
  ): void {
    this.#follow(this.#documents, name, (file) => this.#json(file, schema, take));
  }

  #followLog(name: string, schema: v.GenericSchema<unknown, unknown>, log: readonly string[]): void {
    this.#follow(this.#logs, name, (file) => this.#lines(file, schema, log));
  }

  #follow(files: Map<string, Followed>, name: string, make: (file: BundleFile) => Followed): void {
    if (this.#refused.has(name)) return;
    try {
      const file = new BundleFile(this.#dir, name);
      if (files.has(file.path)) return;
      files.set(file.path, make(file));
      this.#folders.add(dirname(file.path));
    } catch (error) {
      if (!(error instanceof OutsideRunError)) throw error;
      this.#refuse(name, error.message);
    }
  }

  #json<Value>(
    bundleFile: BundleFile,
    schema: v.GenericSchema<unknown, Value>,
    take: (value: Value) => void,
  ): Followed {
    const { name, path } = bundleFile;
    const file = new JsonFile(bundleFile, schema, this.#clock);
    const look = async (): Promise<Look> => {
      const result = await file.read();
      if (result.kind === "missing") return { kind: "looked", modifiedAt: 0 };
      if (result.kind === "bad") {
        const { bytes, message } = result;
        this.#report({ file: name, offset: 0, bytes, kind: "malformed", message });
        return { kind: "looked", modifiedAt: result.modifiedAt };
      }
      if (result.kind === "changed") take(result.value);
      return { ...result, kind: "looked" };
    };
    return { name, path, look, isNew: true };
  }

  #lines(
    bundleFile: BundleFile,
    schema: v.GenericSchema<unknown, unknown>,
    log: readonly string[],
  ): Followed {
    const { name, path } = bundleFile;
    const take = (item: unknown) => this.#draft.append(log, item);
    const report = (problem: Omit<ReadProblem, "file">) => this.#report({ file: name, ...problem });
    const lines = new JsonLines(bundleFile, schema, this.#clock, take, report);
    const look = async (): Promise<Look> => {
      const result = await lines.read();
      if (result.kind === "rewritten") return result;
      if (result.kind === "missing") return { kind: "looked", modifiedAt: 0 };
      return { ...result, kind: "looked" };
    };
    return { name, path, look, isNew: true };
  }

  #setManifest(manifest: Manifest): void {
    this.#draft.reconcile(["manifest"], this.#manifest, manifest);
    this.#manifest = manifest;
    this.#manifestIsNew = true;
  }

  #setFlow(flow: Flow): void {
    this.#draft.reconcile(["flow"], this.#flow, flow);
    this.#flow = flow;
  }

  #setRun(file: RunFile): void {
    this.#runFile = file;
    this.#mergeRun();
  }

  #setLive(file: RunFile): void {
    this.#draft.reconcile(["live"], this.#liveFile, file);
    this.#liveFile = file;
    this.#mergeRun();
  }

  #mergeRun(): void {
    const merged = mergeRun(this.#runFile, this.#liveFile, this.#merged);
    this.#draft.reconcile(["run"], this.#merged, merged);
    this.#merged = merged;
  }

  /** Steps only grow: a shorter file is one read too early, and the longer state stands. */
  #setSteps(steps: Step[]): void {
    for (const [index, step] of steps.entries()) {
      if (index < this.#steps.length)
        this.#draft.reconcile(["steps", String(index)], this.#steps[index], step);
      else this.#draft.append(["steps"], step);
    }
    this.#steps = [...steps, ...this.#steps.slice(steps.length)];
  }

  #setSessionPart(id: string, part: "binding" | "record", value: Record<string, unknown>): void {
    const key = `${id}/${part}`;
    this.#draft.reconcile(["sessions", id, part], this.#sessionParts.get(key), value);
    this.#sessionParts.set(key, value);
  }

  #refuse(name: string, message: string): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    this.#report({ file: name, offset: 0, bytes: 0, kind: "refused", message });
  }

  #report(problem: ReadProblem): void {
    const { count, listed } = this.#problems;
    this.#problems = {
      count: count + 1,
      listed: listed.length < MAX_LISTED_PROBLEMS ? [...listed, problem] : listed,
    };
    this.#draft.set(["problems"], this.#problems);
  }
}

/** Is this the file that something happened to, or may it lie in the folder that something happened to? */
function isDue(path: string, due: ReadonlySet<string>): boolean {
  if (due.has(path)) return true;
  for (const woken of due) if (woken === "" || path.startsWith(woken + sep)) return true;
  return false;
}

/** What acpx writes under before it renames: it says nothing of the file that it will become. */
function isTemporary(path: string): boolean {
  return path.endsWith(".tmp") || /[/\\]acpx-write-[^/\\]*/.test(path);
}
