import type { Stats } from "node:fs";
import { MAIN_SESSION } from "../../../protocol/turn-lines.ts";
import { BundleFile } from "../../bundle-file.ts";
import { stampOf } from "../../json-file.ts";
import type { Place } from "../../source.ts";
import { DigestMaker } from "../digest-maker.ts";
import type { Digest } from "../digests.ts";
import type { Fact } from "../fact.ts";
import type { CodingFormat } from "../format.ts";
import { type BookFile, fileAt, newBookFile, pathOf } from "./book-file.ts";
import { type FileEnds, readEnds, recordsOf } from "./file-ends.ts";
import { FileReading } from "./file-reading.ts";
import { keyHash } from "./key-hash.ts";
import type { Account, Ledger } from "./ledger.ts";

/** What facts of a file came to, one record after the other. */
export interface FactSink {
  take(session: BookSession, file: BookFile, facts: readonly Fact[], end: number): void;
  /** So much was taken; more may come. */
  flush(session: BookSession, file: BookFile): void;
  /** What another file told may count for others now: those that repeat it are to be read anew. */
  freed(): void;
}

/** As the files of a session are now, without opening them. */
export interface SessionStats {
  readonly modifiedAt: number;
  readonly stamp: string;
  readonly folders: readonly string[];
  /** Bytes that were not read yet; null: nothing has changed. */
  readonly unread: number | null;
  readonly bytes: number;
  readonly born: number;
}

/** A session in the book: its file and those of its agents. */
export class BookSession {
  readonly place: Place;
  readonly format: CodingFormat;
  readonly account: Account;
  readonly main: BookFile;
  readonly agents = new Map<string, BookFile>();
  /** Were all of its files read to their end, now or before? */
  isWhole = false;
  /** The background reads it. */
  isBusy = false;
  isGone = false;
  /** It was read since this program began, and may have been let go since. */
  wasReadHere = false;
  modifiedAt = 0;
  /** Without its usage, which the ledger has. */
  base: Digest | null = null;
  readonly #ledger: Ledger;
  #maker: DigestMaker | null = null;
  /** Reads never overlap. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(place: Place, format: CodingFormat, ledger: Ledger, born: number) {
    this.place = place;
    this.format = format;
    this.#ledger = ledger;
    this.account = ledger.account(format.type, format.provider);
    this.main = newBookFile(fileAt(place), MAIN_SESSION, ledger.teller(this.account, place, born));
  }

  get files(): readonly BookFile[] {
    return [this.main, ...this.agents.values()];
  }

  get isReadHere(): boolean {
    return this.main.reading !== null;
  }

  get digest(): Digest {
    const base = this.base ?? new DigestMaker().digest(null, false);
    if (!this.isWhole) return { ...base, turns: null, usage: null };
    let { newestAt } = base;
    for (const agent of this.agents.values()) {
      if (agent.newestAt !== null) newestAt = Math.max(newestAt ?? agent.newestAt, agent.newestAt);
    }
    return { ...base, newestAt, usage: this.#ledger.usageOf(this.account) };
  }

  async isThere(): Promise<boolean> {
    return (await statOf(this.main)) !== undefined;
  }

  /** Null: its file is not there. */
  async stat(): Promise<SessionStats | null> {
    const main = await statOf(this.main);
    if (main === undefined) return null;
    await this.#findAgents();
    const all: [BookFile, Stats][] = [[this.main, main]];
    for (const agent of this.agents.values()) {
      const stats = await statOf(agent);
      if (stats !== undefined) all.push([agent, stats]);
    }
    const stamps = all.map(([, stats]) => stampOf(stats));
    const unread = all.flatMap(([file, stats]) =>
      stampOf(stats) === file.stamp ? [] : [unreadOf(file, stats)],
    );
    this.modifiedAt = Math.max(...all.map(([, stats]) => stats.mtimeMs));
    return {
      modifiedAt: this.modifiedAt,
      stamp: stamps.length === 1 ? (stamps[0] ?? "") : `${stamps.length}:${keyHash(stamps.join(" "))}`,
      folders: [...new Set(all.map(([{ file }]) => file.dir))],
      unread: unread.length === 0 ? null : unread.reduce((sum, bytes) => sum + bytes, 0),
      bytes: all.reduce((sum, [, stats]) => sum + stats.size, 0),
      born: main.birthtimeMs,
    };
  }

  /** Reads all of its files on to their ends. */
  readOn(sink: FactSink, pace?: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => this.#readAll(sink, pace));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #readAll(sink: FactSink, pace?: () => Promise<void>): Promise<void> {
    await this.#findAgents();
    for (const file of this.files) await this.#readFile(file, sink, pace);
    this.isWhole = true;
  }

  /** Of a file that was not read, or has grown by much: what its head and its end say. */
  peek(ends: FileEnds): void {
    const facts = this.format.facts(this.main.file);
    const maker = new DigestMaker();
    const records = [...recordsOf(ends.head), ...recordsOf(ends.end)];
    for (const [line, record] of records.entries()) {
      for (const fact of facts.take(record, line)) maker.take(fact);
    }
    const peeked = maker.digest(null, false);
    if (this.base === null) this.base = peeked;
    else {
      const { lastLine, newestAt, state } = peeked;
      this.base = { ...this.base, lastLine, newestAt, state };
    }
  }

  async peekAgain(): Promise<void> {
    const ends = await readEnds(this.main.file);
    if (ends !== undefined) this.peek(ends);
  }

  /** The facts of its main file make its digest. */
  digestFact(fact: Fact): void {
    this.#maker?.take(fact);
  }

  /** Its files are read from their start should they change. */
  letGo(): void {
    this.#maker = null;
    for (const file of this.files) file.reading = null;
  }

  /** All of it is to be read once more. */
  forget(): void {
    this.letGo();
    for (const file of this.files) file.stamp = "";
  }

  addAgent(path: string, id: string, born: number): BookFile {
    const file = newBookFile(fileAt(path), id, this.#ledger.teller(this.account, path, born));
    this.agents.set(path, file);
    return file;
  }

  async #findAgents(): Promise<void> {
    for (const agent of await this.format.agentsOf(this.main.file)) {
      const path = pathOf(agent);
      if (this.agents.has(path)) continue;
      const stats = await new BundleFile(agent.dir, agent.name).stat();
      if (stats === undefined || this.agents.has(path)) continue;
      const file = this.addAgent(path, agent.id, stats.birthtimeMs);
      // It has begun under our eyes.
      if (this.isWhole && this.main.reading !== null) file.liveFrom = 0;
    }
  }

  async #readFile(file: BookFile, sink: FactSink, pace?: () => Promise<void>): Promise<void> {
    for (let tries = 0; tries < 3; tries += 1) {
      const stats = await statOf(file);
      if (stats === undefined) {
        file.teller.isGone = true;
        return;
      }
      file.teller.isGone = false;
      const stamp = stampOf(stats);
      if (stamp === file.stamp && (file.reading !== null || this.wasReadHere)) return;
      const isAnew = file.reading === null;
      if (isAnew && (stats.size < file.offset || (file.inode !== 0 && file.inode !== stats.ino))) {
        this.#takeBack(file, sink);
      }
      file.reading ??= this.#begin(file);
      const { reading } = file;
      const take = (facts: readonly Fact[], end: number) => sink.take(this, file, facts, end);
      const result = await reading.read(take, async () => {
        sink.flush(this, file);
        await pace?.();
      });
      if (result === "missing") file.reading = null;
      if (result === "rewritten") {
        file.reading = null;
        this.#takeBack(file, sink);
        continue;
      }
      if (result === "read" && isAnew && this.#ledger.endAnew(file.teller)) sink.freed();
      file.stamp = result === "missing" ? "" : stamp;
      file.inode = stats.ino;
      file.offset = Math.max(file.offset, reading.offset);
      file.toldTo = Math.max(file.toldTo, reading.offset);
      if (file.liveFrom === Infinity) file.liveFrom = file.offset;
      if (file === this.main && this.#maker !== null) this.base = this.#maker.digest(null, true);
      sink.flush(this, file);
      return;
    }
  }

  #begin(file: BookFile): FileReading {
    this.#ledger.beginAnew(file.teller);
    if (file === this.main) this.#maker = new DigestMaker();
    return new FileReading(file.file, this.format.facts(file.file));
  }

  #takeBack(file: BookFile, sink: FactSink): void {
    if (this.#ledger.takeBack(file.teller)) sink.freed();
    file.stamp = "";
    file.offset = 0;
    file.toldTo = 0;
    file.liveFrom = Infinity;
  }
}

function statOf({ file }: BookFile): Promise<Stats | undefined> {
  return new BundleFile(file.dir, file.name).stat();
}

function unreadOf(file: BookFile, stats: Stats): number {
  return file.reading === null ? stats.size : Math.max(0, stats.size - file.offset);
}
