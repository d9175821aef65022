import { HEAD_RUNS, type RunsState, type RunSummary } from "../../src/protocol/bundle.ts";
import { MOST_IN_PORTION, USUAL_PORTION } from "../../src/protocol/portion.ts";
import { newestFirst } from "../../src/protocol/run-order.ts";
import type { AskPortion } from "../live/ask-portion.ts";

/** What changed among runs that the head does not tell of is asked for at most this often. */
const ANEW_MS = 400;

export interface PortionsWorld {
  readonly ask: AskPortion;
  /** Runs `task` after a while; the result cancels it. */
  after(ms: number, task: () => void): () => void;
  /** Something here is other than it was. */
  changed(): void;
}

/**
 * The runs that the page holds besides the head, portion by portion from the
 * server: those that follow it, or those that a search found.
 *
 * What always holds: they are in order and without a gap up to where the next
 * portion begins; one question is under way at a time, and after `close` no
 * answer changes anything.
 */
export class Portions {
  readonly search: string;
  readonly #world: PortionsWorld;
  #head: RunsState;
  #runs: readonly RunSummary[] = [];
  /** What left the head during a question from the start: the answer on its way takes it to be in the head. */
  #left: RunSummary[] = [];
  /** Null: there is no more. Undefined: not asked yet. */
  #next: string | null | undefined;
  #total: number | null = null;
  #state: "idle" | "asking" | "failed" = "idle";
  #isStale = false;
  #cancelAnew: (() => void) | undefined;
  readonly #stop = new AbortController();

  constructor(search: string, head: RunsState, world: PortionsWorld) {
    this.search = search;
    this.#head = head;
    this.#world = world;
  }

  get runs(): readonly RunSummary[] {
    return this.#runs;
  }

  /** How many the search finds in all; null until the server has said. */
  get total(): number | null {
    return this.#total;
  }

  get state(): "idle" | "asking" | "failed" {
    return this.#state;
  }

  /** The run after which the next portion begins: null at the end, or when nothing was asked yet for a search. */
  get next(): string | null {
    return this.#next === undefined ? this.#first : this.#next;
  }

  /** The next portion, or the first. */
  more(): void {
    if (this.#state === "asking" || this.#next === null) return;
    void this.#asking(async () => {
      const portion = await this.#ask(USUAL_PORTION, this.next);
      // The run to go on after went meanwhile.
      if (portion === null) return this.#readAnew();
      this.#runs = inOrder([...this.#runs, ...portion.runs]);
      this.#next = portion.next;
      this.#total = portion.total;
    });
  }

  /** The head is another one: takes over what it tells of the runs held here. */
  headMoved(head: RunsState): void {
    const before = this.#head;
    this.#head = head;
    if (this.#next === undefined && this.#state === "idle") return;
    const last = lineOf(head, HEAD_RUNS - 1);
    const isOlder = (run: RunSummary) => last !== undefined && newestFirst(last, run) < 0;
    const held = new Map(this.#runs.map((run) => [run.runId, run]));
    let isStale = this.search === "" ? head.total < before.total : head.total !== before.total;
    // Whatever was in the way then, the server is there now.
    if (this.#state === "failed") isStale = true;
    // So many came since that some were in no head this page has seen.
    const newest = before.order[0];
    if (newest !== undefined && !Object.hasOwn(head.runsById, newest)) isStale = true;
    for (const [index, id] of before.order.entries()) {
      const run = head.runsById[id] ?? before.runsById[id];
      if (run === undefined) continue;
      const left = !Object.hasOwn(head.runsById, id);
      if (held.has(id) || (left && this.search === "")) held.set(id, run);
      if (left && !isOlder(run)) held.delete(id);
      else if (left && this.#state === "asking" && this.search === "") this.#left.push(run);
      // It was there because it was going on, so how it ended was told to nobody.
      if (left && index >= HEAD_RUNS) isStale = true;
    }
    this.#runs = inOrder(held.values());
    if (isStale) this.#anewSoon();
  }

  close(): void {
    this.#stop.abort();
    this.#cancelAnew?.();
  }

  /** Where to begin: after the newest runs, which the head holds; a search begins with the newest. */
  get #first(): string | null {
    return this.search === "" ? (this.#head.order[HEAD_RUNS - 1] ?? null) : null;
  }

  #anewSoon(): void {
    if (this.#state === "asking") {
      this.#isStale = true;
      return;
    }
    this.#cancelAnew ??= this.#world.after(ANEW_MS, () => {
      this.#cancelAnew = undefined;
      if (this.#state === "asking") this.#isStale = true;
      else void this.#asking(() => this.#readAnew());
    });
  }

  /** As many as were held, from the start. */
  async #readAnew(): Promise<void> {
    const wanted = Math.max(USUAL_PORTION, this.#runs.length);
    const runs: RunSummary[] = [];
    let next = this.#first;
    let total = 0;
    this.#left = [];
    do {
      const portion = await this.#ask(Math.min(MOST_IN_PORTION, wanted - runs.length), next);
      if (portion === null) break;
      runs.push(...portion.runs);
      ({ next, total } = portion);
    } while (next !== null && runs.length < wanted);
    this.#runs = inOrder([...this.#left, ...runs]);
    this.#next = next;
    this.#total = total;
  }

  #ask(limit: number, after: string | null) {
    return this.#world.ask({ search: this.search, limit, after }, this.#stop.signal);
  }

  async #asking(work: () => Promise<void>): Promise<void> {
    this.#state = "asking";
    this.#world.changed();
    const { signal } = this.#stop;
    try {
      await work();
      this.#state = "idle";
    } catch {
      this.#state = "failed";
    }
    if (signal.aborted) return;
    if (this.#isStale) {
      this.#isStale = false;
      this.#anewSoon();
    }
    this.#world.changed();
  }
}

function lineOf({ order, runsById }: RunsState, index: number): RunSummary | undefined {
  const id = order[index];
  return id === undefined ? undefined : runsById[id];
}

/** Each once, the later one of two with the same id. */
function inOrder(runs: Iterable<RunSummary>): RunSummary[] {
  return [...new Map([...runs].map((run) => [run.runId, run])).values()].sort(newestFirst);
}
