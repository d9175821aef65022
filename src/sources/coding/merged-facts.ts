import type { Fact } from "./fact.ts";

/** A fact of one of a session's files, at the newest time that its file had told until then. */
export interface TimedFact {
  readonly session: string;
  readonly fact: Fact;
  /** Ms since the epoch; -Infinity where no time was told yet. */
  readonly at: number;
}

/** The facts of one file that have not been told yet, in their order. */
export class FactQueue {
  readonly session: string;
  /** Is there more of the file that has not been read? Then what it says next is not known. */
  isPending = true;
  #newest = Number.NEGATIVE_INFINITY;
  #facts: TimedFact[] = [];
  #next = 0;

  constructor(session: string) {
    this.session = session;
  }

  /** The newest time that it told. */
  get newest(): number {
    return this.#newest;
  }

  push(fact: Fact): void {
    if (fact.is !== "about" && Number.isFinite(fact.at) && fact.at > 0)
      this.#newest = Math.max(this.#newest, fact.at);
    this.#facts.push({ session: this.session, fact, at: this.#newest });
  }

  get first(): TimedFact | undefined {
    return this.#facts[this.#next];
  }

  shift(): void {
    this.#next += 1;
    if (this.#next < 1_000 && this.#next < this.#facts.length) return;
    this.#facts = this.#facts.slice(this.#next);
    this.#next = 0;
  }
}

/**
 * Facts of several files by their times, those of one file in their order, and of one time in the order of
 * the files. Ends where the next one cannot be known yet, because a file has more to be read.
 */
export function* merged(queues: readonly FactQueue[]): Iterable<TimedFact> {
  for (;;) {
    let next: FactQueue | undefined;
    for (const queue of queues) {
      if (queue.first === undefined) {
        if (queue.isPending) return;
      } else if (next?.first === undefined || queue.first.at < next.first.at) next = queue;
    }
    const fact = next?.first;
    if (next === undefined || fact === undefined) return;
    next.shift();
    yield fact;
  }
}
