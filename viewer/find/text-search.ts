import type { Found, Hit } from "../../src/protocol/found.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";
import type { Answer } from "../live/ranges.ts";

export interface TextHit extends Hit {
  readonly log: LogName;
}

/** A log to be searched, and when its newest line was known. */
export interface SearchedLog {
  readonly log: LogName;
  readonly latest: number;
}

export interface TextSearchWorld {
  /** Searches the block of a log that ends before a line; null: the newest. */
  readonly ask: (log: LogName, before: number | null, signal: AbortSignal) => Promise<Answer<Found>>;
  /** Where the history begins that this line is a part of, told again; null where it is news. */
  readonly toldAgainFrom: (log: LogName, line: number) => number | null;
  /** Does the newer one, of the same log, only say again what the older one said? */
  readonly isRepeat: (newer: TextHit, older: TextHit) => boolean;
  readonly changed: () => void;
}

/** So many hits are looked for at a time. */
const PORTION = 50;

interface Searching {
  readonly log: LogName;
  /** What has yet to be searched was known by this time. */
  frontier: number;
  before: number | null;
  isDone: boolean;
  /** Found, but another log may have something newer. Newest first. */
  waiting: TextHit[];
}

/**
 * Searches the logs of a run, as if they were one, from the newest line to the
 * oldest, until there are enough hits.
 *
 * What always holds: hits only come in at the end of the list, which goes from
 * the newest to the oldest. One question is under way at a time, and after
 * `close` no answer changes anything.
 */
export class TextSearch {
  readonly #world: TextSearchWorld;
  readonly #logs: Searching[];
  readonly #stop = new AbortController();
  readonly #hits: TextHit[] = [];
  #wanted = PORTION;
  #state: "searching" | "enough" | "done" | "failed" = "searching";

  constructor(logs: readonly SearchedLog[], world: TextSearchWorld) {
    this.#world = world;
    this.#logs = logs.map(({ latest, log }) => ({
      log,
      frontier: latest,
      before: null,
      isDone: false,
      waiting: [],
    }));
    void this.#search();
  }

  get hits(): readonly TextHit[] {
    return this.#hits;
  }

  /** `enough`: there may be more further back. `done`: everything was searched. */
  get state(): "searching" | "enough" | "done" | "failed" {
    return this.#state;
  }

  /** Everything later than this has been searched. */
  get searchedTo(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...this.#open().map(({ frontier }) => frontier));
  }

  /** Goes on: for more hits, or after a failure. */
  more(): void {
    if (this.#state === "searching" || this.#state === "done") return;
    if (this.#state === "enough") this.#wanted = this.#hits.length + PORTION;
    void this.#search();
  }

  close(): void {
    this.#stop.abort();
  }

  async #search(): Promise<void> {
    const { signal } = this.#stop;
    this.#state = "searching";
    while (this.#hits.length < this.#wanted) {
      const next = this.#newest();
      if (next === null) break;
      const answer = await this.#world.ask(next.log, next.before, signal);
      if (signal.aborted) return;
      if (answer.kind !== "good") {
        this.#state = "failed";
        return this.#world.changed();
      }
      this.#take(next, answer.value);
      this.#settle();
      this.#world.changed();
    }
    this.#state = this.#newest() === null ? "done" : "enough";
    this.#world.changed();
  }

  #open(): Searching[] {
    return this.#logs.filter(({ isDone }) => !isDone);
  }

  /** The log whose part not yet searched is the newest. */
  #newest(): Searching | null {
    let newest: Searching | null = null;
    for (const log of this.#open()) if (newest === null || log.frontier > newest.frontier) newest = log;
    return newest;
  }

  #take(searched: Searching, { at, hits, next }: Found): void {
    for (const hit of hits) {
      const found: TextHit = { ...hit, log: searched.log };
      if (this.#world.toldAgainFrom(found.log, found.line) !== null) continue;
      const newer = searched.waiting.at(-1);
      // What counts is when it was said first.
      if (newer !== undefined && this.#world.isRepeat(newer, found)) searched.waiting.pop();
      searched.waiting.push(found);
    }
    searched.frontier = Math.min(searched.frontier, at);
    // An answer that leads no further back would be asked for for ever.
    searched.isDone = next === null || (searched.before !== null && next >= searched.before);
    // What is told again is passed over as a whole, however much of it would be found.
    const from = next === null ? null : this.#world.toldAgainFrom(searched.log, next - 1);
    searched.before = from === null ? next : from + 1;
  }

  /** What no log can have anything newer than takes its place in the list. */
  #settle(): void {
    const border = this.searchedTo;
    const settled: TextHit[] = [];
    for (const log of this.#logs) {
      const count = log.waiting.findIndex(({ at }) => at < border);
      settled.push(...log.waiting.splice(0, count === -1 ? log.waiting.length : count));
    }
    this.#hits.push(...settled.sort((left, right) => right.at - left.at));
  }
}
