import { join, relative, sep } from "node:path";
import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import type { ReadProblem, SessionEvent } from "../../protocol/bundle.ts";
import { BundleFile } from "../bundle-file.ts";
import { type AmongLogs, type LineKind, PagedLines } from "../paged-lines.ts";
import { isRefused, refusalOf } from "../refused.ts";
import type { Extent } from "../source.ts";
import type { TailResult } from "../tail.ts";
import type { CodingDraft } from "./coding-draft.ts";
import type { CodingFormat, SessionFile } from "./format.ts";
import { FactQueue } from "./merged-facts.ts";
import { RecordLines } from "./record-lines.ts";

export interface FollowedParts {
  /** Its name in the run: MAIN_SESSION, or an agent's. */
  readonly session: string;
  readonly file: SessionFile;
  /** The folder of the session's main file: names of files are told from there. */
  readonly dir: string;
  readonly extent: Extent;
  readonly format: CodingFormat;
  readonly kind: LineKind<SessionEvent>;
  readonly among: AmongLogs;
  readonly clock: Clock;
  readonly out: CodingDraft;
}

/**
 * One file of a session: its lines become the session's log, and its records facts. In tail extent only
 * the log's end is held, so the file is read twice: from its end for the log, from its start for the facts.
 */
export class FollowedFile {
  readonly path: string;
  readonly session: string;
  readonly facts: FactQueue;
  /** In tail extent. */
  readonly pages: PagedLines<SessionEvent> | null;
  readonly #file: BundleFile;
  readonly #records: RecordLines;
  readonly #report: (problem: Omit<ReadProblem, "file">) => void;
  #isRefused = false;

  /** Throws OutsideRunError where the file is none of the session's. */
  constructor({ among, clock, dir, extent, file, format, kind, out, session }: FollowedParts) {
    this.session = session;
    this.facts = new FactQueue(session);
    this.path = join(file.dir, file.name);
    const name = this.path.startsWith(dir + sep) ? relative(dir, this.path) : file.name;
    // By its own folder: a link above it may not lead to another session's.
    this.#file = new BundleFile(file.dir, file.name);
    this.#report = (problem) => out.report({ file: name, ...problem });
    const reader = format.facts(file);
    this.#records = new RecordLines(this.#file, clock, {
      take: (record, line) => {
        for (const fact of reader.take(record, line)) this.facts.push(fact);
        if (extent === "tail") return;
        const event = v.safeParse(kind.schema, record);
        if (event.success) out.appendEvent(session, { ...event.output, seq: line + 1 });
      },
      // In tail extent the log tells of them.
      report: extent === "tail" ? () => undefined : this.#report,
    });
    const listener = {
      begin: (from: number) => out.beginEvents(session, from),
      take: (event: SessionEvent | null) => out.appendEvent(session, event),
      report: this.#report,
    };
    this.pages = extent === "tail" ? new PagedLines(this.#file, kind, clock, listener, among) : null;
  }

  /** How much of it has been taken for facts, in bytes. */
  get done(): number {
    return this.#records.offset;
  }

  /** 0 where there is none. */
  async size(): Promise<number> {
    return (await this.#safely(() => this.#file.stat()))?.size ?? 0;
  }

  /** Facts of what is new, of little more than `most` bytes. */
  async readFacts(most: number): Promise<TailResult> {
    const read = await this.#safely(() => this.#records.read(most));
    this.facts.isPending = read?.kind === "read" && read.isCut === true;
    return read ?? { kind: "missing" };
  }

  /** The log's new lines. */
  async readLog(): Promise<TailResult> {
    return (await this.#safely(async () => this.pages?.read())) ?? { kind: "missing" };
  }

  close(): void {
    this.pages?.close();
  }

  /** A file that may not be read is a problem of that file, told once. */
  async #safely<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!this.#isRefused) this.#report({ offset: 0, bytes: 0, kind: "refused", message: refusalOf(error) });
      this.#isRefused = true;
      return undefined;
    }
  }
}
