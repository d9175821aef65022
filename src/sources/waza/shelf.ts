import type { Shelf } from "../source.ts";
import { logFolders } from "./folders.ts";
import { isOf, ResultsFiles, type SessionHead } from "./joined-results.ts";
import { namesIn } from "./json-files.ts";
import type { LogFile } from "./log-file.ts";
import type { LogFiles } from "./log-files.ts";
import { isJsonName, isLogName, sessionName } from "./place.ts";
import type { ResultsHead } from "./results.ts";

/** So many of the folder's other files are asked again at each look at all of it, each in its turn. */
const STRANGERS_A_LOOK = 200;

/**
 * The runs in the files of one folder: the sessions of its logs, and results of which
 * no log is known. A look costs what may have changed; what has not been written since is not
 * read again.
 */
export class WazaShelf implements Shelf {
  readonly #dir: string;
  readonly #files: LogFiles;
  readonly #shelves: ReadonlySet<string>;
  readonly #heads = new ResultsFiles();
  readonly #logs = new Map<string, LogFile>();
  readonly #results = new Map<string, ResultsHead>();
  /** JSON files that are no results, those that were asked last at the end. */
  readonly #strangers = new Set<string>();
  /** The logs of other folders that would look for their results here. */
  #around: LogFile[] = [];

  constructor(dir: string, files: LogFiles, shelves: ReadonlySet<string>) {
    this.#dir = dir;
    this.#files = files;
    this.#shelves = shelves;
  }

  async names(changed: ReadonlySet<string> | "all"): Promise<readonly string[]> {
    const due = changed === "all" ? await this.#list() : [...changed];
    let areResultsDue = changed === "all";
    for (const name of due) {
      if (isLogName(name)) await this.#lookAtLog(name);
      else if (isJsonName(name)) {
        await this.#lookAtJson(name);
        areResultsDue ||= this.#results.has(name);
      }
    }
    if (areResultsDue) await this.#lookAround();
    return this.#told();
  }

  /** Forgets what is gone, and gives what is to be looked at. */
  async #list(): Promise<string[]> {
    const there = await namesIn(this.#dir);
    const names = new Set(there);
    for (const name of this.#logs.keys()) if (!names.has(name)) this.#logs.delete(name);
    for (const name of [...this.#results.keys(), ...this.#strangers]) {
      if (names.has(name)) continue;
      this.#forget(name);
      this.#heads.forget(this.#dir, name);
    }
    const turn = new Set([...this.#strangers].slice(0, STRANGERS_A_LOOK));
    return there.filter((name) => !this.#strangers.has(name) || turn.has(name));
  }

  async #lookAtLog(name: string): Promise<void> {
    const log = this.#logs.get(name) ?? this.#files.at(this.#dir, name);
    const { stamp } = await log.read();
    if (stamp === "") this.#logs.delete(name);
    else this.#logs.set(name, log);
  }

  async #lookAtJson(name: string): Promise<void> {
    const read = await this.#heads.head(this.#dir, name);
    // Results that are being written over are still there.
    if (read.kind === "torn" && this.#results.has(name)) return;
    this.#forget(name);
    if (read.kind === "known") this.#results.set(name, read.value);
    else this.#strangers.add(name);
  }

  #forget(name: string): void {
    this.#results.delete(name);
    this.#strangers.delete(name);
  }

  async #lookAround(): Promise<void> {
    const around: LogFile[] = [];
    const folders = this.#results.size === 0 ? [] : logFolders(this.#dir, this.#shelves);
    for (const dir of folders) {
      for (const name of await namesIn(dir)) {
        if (!isLogName(name)) continue;
        const log = this.#files.at(dir, name);
        await log.read();
        around.push(log);
      }
    }
    this.#around = around;
  }

  #told(): string[] {
    const told: string[] = [];
    // By what a session took, in which its results agree with it, and hardly any others.
    const ended = new Map<number, SessionHead[]>();
    for (const [name, { sessions }] of byName(this.#logs))
      told.push(...sessions.map((_, index) => sessionName(name, index + 1)));
    if (this.#results.size === 0) return told;
    for (const { sessions } of [...this.#logs.values(), ...this.#around]) {
      for (const session of sessions) {
        if (session.sums === null) continue;
        const took = session.sums.duration_ms ?? 0;
        const same = ended.get(took);
        if (same === undefined) ended.set(took, [session]);
        else same.push(session);
      }
    }
    for (const [name, head] of byName(this.#results)) {
      const sessions = ended.get(head.summary.duration_ms ?? 0) ?? [];
      if (!sessions.some((session) => isOf(head, session))) told.push(name);
    }
    return told;
  }
}

function byName<Value>(values: ReadonlyMap<string, Value>): [string, Value][] {
  return [...values].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
