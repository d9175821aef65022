import { dirname, sep } from "node:path";
import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import { Flow, Manifest, type ReadProblem, RunFile, Step } from "../../protocol/bundle.ts";
import { type LogName, sessionLog } from "../../protocol/log-ranges.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { hasCode } from "../file-errors.ts";
import { JsonFile } from "../json-file.ts";
import { JsonLines } from "../json-lines.ts";
import type { TailResult } from "../tail.ts";
import { Turns } from "../turns.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import { type LineKind, type LineListener, PagedLines } from "../paged-lines.ts";
import type { Draft, Extent, Follower, FollowResult, LogParts } from "../source.ts";
import { sessionLines, traceLines } from "./line-kinds.ts";
import { MANIFEST, readLayout, type SessionFiles } from "./layout.ts";
import { allowedSilence } from "./merge-run.ts";
import { type LogPath, RunDraft } from "./run-draft.ts";

const Steps = v.array(Step);
const JsonObject = v.record(v.string(), v.unknown());
/** What run.json says of the run's standing; its steps and outputs only repeat other files. */
const Standing = v.object(RunFile.entries);
/** In tail extent a run.json that outgrew this is left alone: live.json says where the run stands. */
const SMALL_BYTES = 256 * 1024;

/** Which of a session's files are read; its record only repeats its events. */
const PARTS = { whole: ["binding", "record"], tail: ["binding"] } as const;

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
  /** Its time stamp at the last look, ms since the epoch; 0 while it is not there. */
  modifiedAt: number;
}

/** What a look at several files comes to. */
type LookAtAll = { readonly kind: "looked"; readonly readAgainIn?: number } | { readonly kind: "rewritten" };

/**
 * Which files of an acpx run are read, and when. The manifest leads: the others
 * are found through it, as it names them. What they mean is `RunDraft`'s.
 */
export class FollowRun implements Follower {
  readonly parts: LogParts = {
    windowFrom: (log) => this.#paged.get(log)?.windowFrom(),
    range: async (log, from, to) => this.#paged.get(log)?.range(from, to),
    times: async (log) => this.#paged.get(log)?.times(),
    outline: async (log, fromRow) => this.#paged.get(log)?.outline(fromRow),
    find: async (log, ask) => this.#paged.get(log)?.find(ask),
  };
  readonly #extent: Extent;
  /** In tail extent: the logs by their names, and those whose older part has yet to be scanned. */
  readonly #paged = new Map<LogName, PagedLines<unknown>>();
  readonly #unscanned = new Set<PagedLines<unknown>>();
  /** One log after the other, the trace first: what the page wants to know soonest. */
  readonly #scans = new Turns();
  readonly #dir: string;
  readonly #run: RunDraft;
  readonly #clock: Clock;
  readonly #logs = new Map<string, Followed>();
  readonly #documents = new Map<string, Followed>();
  readonly #manifestFile: Followed;
  readonly #folders: Set<string>;
  /** A manifest whose files have not been looked for yet. */
  #newManifest: Manifest | undefined;
  readonly #refused = new Set<string>();
  readonly #signs: SignsOfLife;
  #isClosed = false;

  constructor(dir: string, draft: Draft, clock: Clock, extent: Extent) {
    this.#dir = dir;
    this.#extent = extent;
    this.#run = new RunDraft(draft);
    this.#clock = clock;
    this.#signs = new SignsOfLife(clock);
    this.#folders = new Set([dir]);
    this.#manifestFile = this.#json(new BundleFile(dir, MANIFEST), Manifest, (manifest) => {
      this.#run.setManifest(manifest);
      this.#newManifest = manifest;
    });
  }

  get folders(): readonly string[] {
    return [...this.#folders];
  }

  close(): void {
    this.#isClosed = true;
    for (const pages of this.#paged.values()) pages.close();
  }

  async read(changed: ReadonlySet<string> | "all"): Promise<FollowResult> {
    const due = changed === "all" ? "all" : new Set([...changed].filter((path) => !isTemporary(path)));
    const manifest = await this.#lookAt([this.#manifestFile], due);
    if (manifest.kind === "rewritten") return manifest;
    this.#findFiles();
    // acpx writes its projections before the lines of the trace that tell of them. Read the other
    // way round, a state never tells of an outcome whose projections it does not hold.
    const rest = await this.#lookAt([...this.#logs.values(), ...this.#documents.values()], due);
    if (rest.kind === "rewritten") return rest;
    this.#run.tellProblems();
    this.#scanOlder();
    const again = [manifest.readAgainIn, rest.readAgainIn].filter((ms) => ms !== undefined);
    const { status } = this.#run;
    const pulse = {
      status,
      silenceMs: allowedSilence(status),
      lastWriteAt: this.#signs.note(this.#newestStamp()),
    };
    return again.length > 0
      ? { kind: "read", pulse, readAgainIn: Math.min(...again) }
      : { kind: "read", pulse };
  }

  #scanOlder(): void {
    for (const pages of this.#unscanned) {
      if (!pages.isOpen) continue;
      this.#unscanned.delete(pages);
      void this.#scan(pages);
    }
  }

  async #scan(pages: PagedLines<unknown>): Promise<void> {
    await pages.scan();
    if (!this.#isClosed) this.#run.tellProblems();
  }

  async #lookAt(files: readonly Followed[], due: ReadonlySet<string> | "all"): Promise<LookAtAll> {
    let readAgainIn: number | undefined;
    for (const file of files) {
      if (!file.isNew && due !== "all" && !isDue(file.path, due)) continue;
      file.isNew = false;
      const look = await this.#lookSafely(file);
      if (look.kind === "rewritten") return look;
      file.modifiedAt = look.modifiedAt;
      if (look.readAgainIn !== undefined) {
        readAgainIn = Math.min(readAgainIn ?? look.readAgainIn, look.readAgainIn);
      }
    }
    return readAgainIn === undefined ? { kind: "looked" } : { kind: "looked", readAgainIn };
  }

  #newestStamp(): number {
    let newest = this.#manifestFile.modifiedAt;
    for (const files of [this.#logs, this.#documents]) {
      for (const { modifiedAt } of files.values()) newest = Math.max(newest, modifiedAt);
    }
    return newest;
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

  #findFiles(): void {
    const manifest = this.#newManifest;
    if (manifest === undefined) return;
    this.#newManifest = undefined;
    const run = this.#run;
    const { layout, refused } = readLayout(manifest);
    for (const { what, message } of refused) this.#refuse(what, message);
    this.#followLog("trace", layout.trace, traceLines, ["trace"]);
    for (const session of layout.sessions) this.#followSession(session);
    this.#followJson(layout.flow, Flow, (value) => run.setFlow(value));
    this.#followJson(layout.live, RunFile, (value) => run.setLive(value));
    if (this.#extent === "tail") {
      this.#followJson(layout.run, Standing, (value) => run.setRun(value), SMALL_BYTES);
    } else {
      this.#followJson(layout.run, RunFile, (value) => run.setRun(value));
      this.#followJson(layout.steps, Steps, (value) => run.setSteps(value));
    }
  }

  #followSession({ id, events, ...parts }: SessionFiles): void {
    this.#run.addSession(id);
    this.#followLog(sessionLog(id), events, sessionLines, ["sessions", id, "events"]);
    for (const part of PARTS[this.#extent]) {
      this.#followJson(parts[part], JsonObject, (value) => this.#run.setSessionPart(id, part, value));
    }
  }

  #followJson<Value>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    take: (value: Value) => void,
    maxBytes?: number,
  ): void {
    this.#follow(this.#documents, name, (file) => this.#json(file, schema, take, maxBytes));
  }

  #followLog<Item>(log: LogName, name: string, kind: LineKind<Item>, path: LogPath): void {
    this.#follow(this.#logs, name, (file) =>
      this.#extent === "tail" ? this.#pages(log, file, kind, path) : this.#lines(file, kind, path),
    );
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
    maxBytes?: number,
  ): Followed {
    const { name, path } = bundleFile;
    const file = new JsonFile(bundleFile, schema, this.#clock, maxBytes);
    const look = async (): Promise<Look> => {
      const result = await file.read();
      if (result.kind === "missing") return { kind: "looked", modifiedAt: 0 };
      if (result.kind === "bad") {
        const { bytes, message } = result;
        this.#run.report({ file: name, offset: 0, bytes, kind: "malformed", message });
        return { kind: "looked", modifiedAt: result.modifiedAt };
      }
      if (result.kind === "changed") take(result.value);
      return { ...result, kind: "looked" };
    };
    return { name, path, look, isNew: true, modifiedAt: 0 };
  }

  #lines<Item>(bundleFile: BundleFile, { schema }: LineKind<Item>, log: LogPath): Followed {
    const { name } = bundleFile;
    const take = (entry: Item) => this.#run.append(log, entry);
    const report = (problem: Omit<ReadProblem, "file">) => this.#run.report({ file: name, ...problem });
    return this.#tailed(bundleFile, new JsonLines(bundleFile, schema, this.#clock, take, report));
  }

  #pages<Item>(log: LogName, bundleFile: BundleFile, kind: LineKind<Item>, path: LogPath): Followed {
    const { name } = bundleFile;
    const listener: LineListener<Item> = {
      begin: (from) => this.#run.beginLog(path, from),
      take: (entry) => this.#run.append(path, entry),
      report: (problem) => this.#run.report({ file: name, ...problem }),
    };
    const room = { logs: () => this.#paged.size, turns: this.#scans };
    const pages = new PagedLines(bundleFile, kind, this.#clock, listener, room);
    this.#paged.set(log, pages);
    this.#unscanned.add(pages);
    return this.#tailed(bundleFile, pages);
  }

  #tailed({ name, path }: BundleFile, file: { read(): Promise<TailResult> }): Followed {
    const look = async (): Promise<Look> => {
      const result = await file.read();
      if (result.kind === "rewritten") return result;
      if (result.kind === "missing") return { kind: "looked", modifiedAt: 0 };
      return { ...result, kind: "looked" };
    };
    return { name, path, look, isNew: true, modifiedAt: 0 };
  }

  #refuse(name: string, message: string): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    this.#run.report({ file: name, offset: 0, bytes: 0, kind: "refused", message });
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
