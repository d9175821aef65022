import type { RunState } from "../../src/protocol/bundle.ts";
import { type LogName, type LogOutline, type LogTimes, sessionLog } from "../../src/protocol/log-ranges.ts";
import { decodeRows } from "../../src/protocol/outline-wire.ts";
import type { OutlineRow, SessionRow, TraceRow } from "../../src/protocol/outline.ts";
import type { Answer } from "../live/ranges.ts";
import type { RunIndex, SessionIndex, TraceIndex } from "./run-index.ts";

interface World {
  readonly times: (log: LogName) => Promise<Answer<LogTimes>>;
  readonly outline: (log: LogName, from: number) => Promise<Answer<LogOutline>>;
  /** Lets other work go on. */
  readonly breathe: () => Promise<void>;
  /** Lets a while pass after the `failures`th failure in a row. */
  readonly wait: (failures: number) => Promise<void>;
  /** More is known than before. */
  readonly changed: () => void;
  /** The last answer did not come, or came after all. */
  readonly failed: (hasFailed: boolean) => void;
}

class Over extends Error {}

/**
 * Brings what a snapshot leaves out of the logs' times and outlines into a run's
 * index: of the trace first, then of the sessions, one after the other. It goes
 * on trying for as long as the run's life lasts.
 */
export class Older {
  readonly #index: RunIndex;
  readonly #world: World;
  readonly #begun = new Set<LogName>();
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(index: RunIndex, world: World) {
    this.#index = index;
    this.#world = world;
  }

  /** To be called with every state of the run: a log may come into it later, and not from its start. */
  follow(run: RunState): void {
    this.#begin("trace", this.#index.trace, isTraceRow);
    for (const id of Object.keys(run.sessions))
      this.#begin(sessionLog(id), this.#index.session(id), isSessionRow);
  }

  end(): void {
    this.#isOver = true;
  }

  #begin<Row extends OutlineRow>(
    log: LogName,
    index: Pick<TraceIndex | SessionIndex, "isWhole" | "times" | "learn"> & {
      complete: (portions: AsyncIterable<readonly Row[]>, breathe: () => Promise<void>) => Promise<void>;
    },
    isRow: (row: OutlineRow) => row is Row,
  ): void {
    if (index.isWhole || index.times.from === 0 || this.#begun.has(log)) return;
    this.#begun.add(log);
    // The times of all logs at once, since every past moment waits for them; the outlines in turn.
    const times = this.#learnTimes(log, index);
    const before = this.#last;
    const complete = async () => {
      try {
        await Promise.all([times, before]);
        await index.complete(this.#portions(log, isRow), this.#world.breathe);
        this.#world.changed();
      } catch (error) {
        if (!(error instanceof Over)) throw error;
      }
    };
    this.#last = complete();
  }

  async #learnTimes(log: LogName, index: Pick<TraceIndex | SessionIndex, "learn">): Promise<void> {
    const { ends, ...quiet } = await this.#ask(() => this.#world.times(log));
    index.learn(ends, quiet);
    this.#world.changed();
  }

  async *#portions<Row extends OutlineRow>(
    log: LogName,
    isRow: (row: OutlineRow) => row is Row,
  ): AsyncGenerator<readonly Row[]> {
    const ask = (from: number) => this.#ask(() => this.#world.outline(log, from));
    for (let coming: Promise<LogOutline> | null = ask(0); coming !== null;) {
      const { blocks, next }: LogOutline = await coming;
      // The next ones are on their way while these are taken in.
      coming = next === null ? null : ask(next);
      yield blocks.flatMap(decodeRows).filter(isRow);
    }
  }

  async #ask<T>(question: () => Promise<Answer<T>>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      const answer: Answer<T> = this.#isOver ? { kind: "over" } : await question();
      if (this.#isOver || answer.kind === "over") throw new Over();
      if (failures > 0 && answer.kind === "good") this.#world.failed(false);
      if (answer.kind === "good") return answer.value;
      this.#world.failed(true);
      await this.#world.wait(failures + 1);
    }
  }
}

function isTraceRow(row: OutlineRow): row is TraceRow {
  switch (row.is) {
    case "begin":
    case "detail":
    case "end":
    case "grade":
    case "files":
    case "counted":
    case "prompt":
    case "usage":
    case "mark":
    case "agent":
    case "agent-over":
    case "over":
      return true;
    default:
      return false;
  }
}

function isSessionRow(row: OutlineRow): row is SessionRow {
  return !isTraceRow(row);
}
