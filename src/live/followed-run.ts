import type { RunSummary } from "../protocol/bundle.ts";
import type { Log } from "../protocol/log.ts";
import type { NowRecord } from "../protocol/now.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { recordsOfEvent, recordOfTest, type Told } from "./run-records.ts";

export interface FollowedRunParts {
  readonly lineOf: () => RunSummary | undefined;
  readonly open: () => Promise<OpenRun | undefined>;
  /** Ms since the epoch: of what is there at first, what was written before is no news. */
  readonly newSince: number;
  /** Outlives who follows the run: it may be followed again. */
  readonly told: Told;
  readonly tell: (records: readonly NowRecord[]) => void;
  /** It cannot be followed (any longer), because of an error or because it is gone. Nothing follows. */
  readonly lost: (error: unknown) => void;
}

/**
 * One run in flight: its tool calls, their results and its tests' results, as they come. Its topic holds
 * the end of each log; what passes through it faster than that is passed over.
 */
export class FollowedRun {
  readonly #parts: FollowedRunParts;
  /** Lines of each log that have been looked at; "" is the trace. */
  readonly #looked = new Map<string, number>();
  #run: OpenRun | undefined;
  #epoch = "";
  /** It has yet to be looked at for the first time. */
  #isFirst = true;
  #stopListening: () => void = () => undefined;
  #isClosed = false;

  constructor(parts: FollowedRunParts) {
    this.#parts = parts;
    this.#begin().catch((error: unknown) => this.#lose(error));
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#run?.release();
  }

  #lose(error: unknown): void {
    if (this.#isClosed) return;
    this.close();
    this.#parts.lost(error);
  }

  async #begin(): Promise<void> {
    const run = await this.#parts.open();
    if (this.#isClosed) return run?.release();
    if (run === undefined) return this.#lose(undefined);
    this.#run = run;
    this.#epoch = run.topic.epoch;
    this.#stopListening = run.topic.onChange(() => this.#look(run));
    this.#look(run);
  }

  #look({ topic }: OpenRun): void {
    if (topic.hasEnded) return this.#lose(undefined);
    const { lineOf, newSince, tell, told } = this.#parts;
    const line = lineOf();
    if (line === undefined) return;
    if (topic.epoch !== this.#epoch) {
      // It was written anew; what was told stays told.
      this.#epoch = topic.epoch;
      this.#looked.clear();
      this.#isFirst = true;
    }
    const records: NowRecord[] = [];
    const isNews = ({ at }: { readonly at: string }) => !this.#isFirst || !(Date.parse(at) < newSince);
    for (const [id, { events }] of Object.entries(topic.state.sessions)) {
      for (const event of this.#next(id, events)) {
        const found = recordsOfEvent(line, id, event, told);
        if (isNews(event)) records.push(...found);
      }
    }
    for (const entry of this.#next("", topic.state.trace)) {
      const test = recordOfTest(line, entry, told);
      if (test !== undefined && isNews(entry)) records.push(test);
    }
    this.#isFirst = false;
    tell(records);
  }

  /** The lines that came since. A new log is looked at from where it is held. */
  #next<Line>(id: string, log: Log<Line>): Line[] {
    const from = this.#looked.get(id) ?? 0;
    this.#looked.set(id, log.length);
    return from >= log.length ? [] : log.slice(from, log.length);
  }
}
