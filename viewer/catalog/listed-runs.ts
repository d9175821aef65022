import { HEAD_RUNS, type RunsState, type RunSummary } from "../../src/protocol/bundle.ts";
import { newestFirst } from "../../src/protocol/run-order.ts";
import { hasWords, searchWords } from "../../src/protocol/run-words.ts";
import { Portions, type PortionsWorld } from "./portions.ts";

/** So many rows more are shown at a time. */
const STEP = 200;
/** The most rows there are at a time; further down, the topmost make room. */
const MOST_ROWS = 600;
/** Between the last key and the question to the server. */
const TYPED_MS = 120;

export interface ListView {
  /** All that is held and matches, in order. */
  readonly runs: readonly RunSummary[];
  /** Which of them have rows. */
  readonly from: number;
  readonly to: number;
  /** How many there are in all, held or not. */
  readonly total: number;
  /** The run up to which nothing is missing; null when nothing is missing at all. */
  readonly gapAfter: RunSummary | null;
  /** Where the server's part in it stands. */
  readonly state: "idle" | "asking" | "failed";
}

/**
 * What the list of runs shows: the head, what was fetched besides it, and of both
 * what is searched for. What is held is searched at once, the rest by the server.
 */
export class ListedRuns {
  readonly #world: PortionsWorld;
  #head: RunsState | null = null;
  #words: readonly string[] = [];
  /** What follows the head. */
  #older: Portions | null = null;
  /** What the server found, and what it had found of the words before: it stays until there is an answer. */
  #found: Portions | null = null;
  #foundBefore: readonly RunSummary[] = [];
  #mostTo = STEP;
  #cancelTyped: (() => void) | null = null;

  constructor(world: PortionsWorld) {
    this.#world = world;
  }

  /** Tells nobody at once, so that it may be called while the list is drawn. */
  setHead(head: RunsState): void {
    if (head === this.#head) return;
    this.#head = head;
    this.#older ??= new Portions("", head, this.#world);
    this.#older.headMoved(head);
    this.#found?.headMoved(head);
    // There may be more by now than what is held.
    if (this.#words.length > 0 && this.#found === null) this.#searchIn(0);
  }

  type(text: string): void {
    const words = searchWords(text);
    if (words.join(" ") === this.#words.join(" ")) return;
    this.#words = words;
    this.#mostTo = STEP;
    this.#cancelTyped?.();
    this.#cancelTyped = null;
    if (words.length === 0) return this.#search();
    this.#searchIn(TYPED_MS);
    this.#world.changed();
  }

  more(): void {
    const { gapAfter, runs, to } = this.view();
    this.#mostTo = to + STEP;
    if (gapAfter !== null && runs.length < this.#mostTo) this.#portions?.more();
    this.#world.changed();
  }

  /** The rows that made room for older ones. */
  newer(): void {
    this.#mostTo = Math.max(MOST_ROWS, this.view().to - STEP);
    this.#world.changed();
  }

  /** Asks once more, after a failure. */
  retry(): void {
    this.#portions?.more();
  }

  view(): ListView {
    const head = this.#head;
    if (head === null) return { runs: [], from: 0, to: 0, total: 0, gapAfter: null, state: "idle" };
    const runs = this.#matching(head);
    const to = Math.min(runs.length, this.#mostTo);
    const rows = { runs, from: Math.max(0, to - MOST_ROWS), to };
    const portions = this.#portions;
    if (portions === null || head.total <= this.#countHeld(head)) {
      const total = this.#words.length === 0 ? head.total : runs.length;
      return { ...rows, total, gapAfter: null, state: "idle" };
    }
    // A search that was not answered yet: what is held was searched, and no more.
    const isOpen = this.#words.length > 0 && (portions.total === null || portions.search !== this.#typed);
    const gapAfter = isOpen || portions.next !== null ? gapOf(portions, head) : null;
    const found = isOpen ? 0 : (portions.total ?? 0);
    const total = this.#words.length === 0 ? head.total : found;
    const state = isOpen && portions.state === "idle" ? "asking" : portions.state;
    return { ...rows, total: Math.max(total, runs.length), gapAfter, state };
  }

  close(): void {
    this.#cancelTyped?.();
    this.#older?.close();
    this.#found?.close();
  }

  get #typed(): string {
    return this.#words.join(" ");
  }

  get #portions(): Portions | null {
    return this.#found ?? this.#older;
  }

  get #foundRuns(): readonly RunSummary[] {
    return this.#found === null || this.#found.total === null ? this.#foundBefore : this.#found.runs;
  }

  #matching(head: RunsState): RunSummary[] {
    const held = new Map<string, RunSummary>();
    for (const run of [...(this.#older?.runs ?? []), ...this.#foundRuns]) held.set(run.runId, run);
    // Of what is in both, the head is what is kept up to date.
    for (const run of Object.values(head.runsById)) held.set(run.runId, run);
    return [...held.values()].filter((run) => hasWords(run, this.#words)).sort(newestFirst);
  }

  /** How many of all runs are held, whatever is searched for. */
  #countHeld({ order, runsById }: RunsState): number {
    const older = this.#older?.runs ?? [];
    return order.length + older.filter(({ runId }) => !Object.hasOwn(runsById, runId)).length;
  }

  #searchIn(ms: number): void {
    this.#cancelTyped ??= this.#world.after(ms, () => this.#search());
  }

  #search(): void {
    this.#cancelTyped = null;
    this.#foundBefore = this.#words.length === 0 ? [] : this.#foundRuns;
    this.#found?.close();
    this.#found = null;
    const head = this.#head;
    if (this.#words.length > 0 && head !== null && head.total > this.#countHeld(head)) {
      this.#found = new Portions(this.#typed, head, this.#world);
      this.#found.more();
    }
    this.#world.changed();
  }
}

/** The last run of those that are held without a gap. */
function gapOf({ next, runs }: Portions, { order, runsById }: RunsState): RunSummary | null {
  const last = runs.find(({ runId }) => runId === next) ?? runs.at(-1);
  const lastOfNewest = order[HEAD_RUNS - 1] ?? order.at(-1) ?? "";
  return last ?? runsById[lastOfNewest] ?? null;
}
