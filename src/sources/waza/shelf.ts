import { readdir } from "node:fs/promises";
import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { isMissing } from "../file-errors.ts";
import { stampOf } from "../json-file.ts";
import { JsonLines } from "../json-lines.ts";
import type { Shelf } from "../source.ts";
import { isOf, logFolders, ResultsFiles, type SessionHead } from "./joined-results.ts";
import { namesIn } from "./json-files.ts";
import { LogLine } from "./log-line.ts";
import { LogSessions } from "./log-sessions.ts";
import { isJsonName, isLogName, sessionName } from "./place.ts";
import { isRefused } from "../refused.ts";

/** So many folders below one are looked into for logs that its results may belong to. */
const MOST_FOLDERS = 64;

/**
 * The runs in the files of one folder: the sessions of its logs, and results of which
 * no log is known. What has not been written since is not read again.
 */
export class WazaShelf implements Shelf {
  readonly #dir: string;
  readonly #results = new ResultsFiles();
  readonly #logs = new Map<string, Log>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  async names(): Promise<readonly string[]> {
    const names = await namesIn(this.#dir);
    const found: string[] = [];
    for (const name of names) {
      if (!isLogName(name)) continue;
      const heads = await this.#sessionsOf(this.#dir, name);
      found.push(...heads.map((_, index) => sessionName(name, index + 1)));
    }
    const results = [];
    for (const name of names) {
      const head = isJsonName(name) ? await this.#results.head(this.#dir, name) : null;
      if (head !== null) results.push({ name, head });
    }
    if (results.length === 0) return found;
    const sessions = await this.#sessionsAround();
    for (const { head, name } of results) {
      if (!sessions.some((session) => isOf(head, session))) found.push(name);
    }
    return found;
  }

  /** Of all logs that would look for their results here. */
  async #sessionsAround(): Promise<SessionHead[]> {
    const sessions: SessionHead[] = [];
    for (const dir of logFolders(this.#dir, await foldersIn(this.#dir)))
      for (const name of await namesIn(dir))
        if (isLogName(name)) sessions.push(...(await this.#sessionsOf(dir, name)));
    return sessions;
  }

  async #sessionsOf(dir: string, name: string): Promise<readonly SessionHead[]> {
    const key = `${dir}\0${name}`;
    const log = this.#logs.get(key) ?? new Log(dir, name);
    this.#logs.set(key, log);
    return log.read();
  }
}

/**
 * The sessions of a log, which is read on for as long as it is the same file. Of a log
 * whose sessions have all ended only what they are known by is kept: there may be thousands.
 */
class Log {
  readonly #file: BundleFile;
  #reading: { readonly lines: JsonLines<LogLine>; readonly sessions: LogSessions } | null = null;
  #heads: readonly SessionHead[] = [];
  #stamp = "";

  constructor(dir: string, name: string) {
    this.#file = new BundleFile(dir, name);
  }

  async read(): Promise<readonly SessionHead[]> {
    try {
      const stats = await this.#file.stat();
      const stamp = stats === undefined ? "" : stampOf(stats);
      if (stamp !== this.#stamp) this.#heads = await this.#readLines();
      this.#stamp = stamp;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
    return this.#heads;
  }

  async #readLines(): Promise<readonly SessionHead[]> {
    let reading = this.#reading ?? this.#begin();
    // The first read comes to the end, the second finds nothing new, and the third takes a last
    // line without its newline for whole: who asks for names cannot be asked to come again.
    for (let count = 0; count < 3; count += 1) {
      const read = await reading.lines.read();
      if (read.kind === "missing") return [];
      if (read.kind === "rewritten") reading = this.#begin();
    }
    const { all } = reading.sessions;
    this.#reading = all.every(({ sums }) => sums !== null) ? null : reading;
    return all.map(({ engine, model, startedAt, sums }) => ({ engine, model, startedAt, sums }));
  }

  #begin() {
    const sessions = new LogSessions();
    const take = (line: LogLine) => void sessions.take(line);
    const lines = new JsonLines(this.#file, LogLine, new Impatience(), take, () => undefined);
    return { lines, sessions };
  }
}

/** A clock on which every wait is over the next time that it is looked at. */
class Impatience implements Clock {
  #passed = 0;

  now(): number {
    return Date.now();
  }

  passed(): number {
    this.#passed += 60_000;
    return this.#passed;
  }

  after(): () => void {
    return () => undefined;
  }
}

async function foldersIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name))
      .map(({ name }) => name)
      .toSorted()
      .slice(0, MOST_FOLDERS);
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return [];
    throw error;
  }
}
