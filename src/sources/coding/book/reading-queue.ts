import type { BookSession } from "./book-session.ts";

export interface Waiting {
  readonly session: BookSession;
  /** Nothing of it is in the sums yet. */
  readonly isUncounted: boolean;
}

/** Sessions that are to be read in the background, the one that was written last first. */
export class ReadingQueue {
  readonly #waiting = new Map<BookSession, Waiting>();
  /** The newest last; sorted again when there are others. */
  #order: Waiting[] = [];
  #isSorted = true;

  /** False: it waits already. */
  add(session: BookSession, isUncounted: boolean): boolean {
    if (this.#waiting.has(session)) return false;
    const waiting = { session, isUncounted };
    this.#waiting.set(session, waiting);
    this.#order.push(waiting);
    this.#isSorted = false;
    return true;
  }

  delete(session: BookSession): Waiting | undefined {
    const waiting = this.#waiting.get(session);
    this.#waiting.delete(session);
    return waiting;
  }

  next(): Waiting | undefined {
    if (!this.#isSorted)
      this.#order.sort((left, right) => left.session.modifiedAt - right.session.modifiedAt);
    this.#isSorted = true;
    for (let next = this.#order.pop(); next !== undefined; next = this.#order.pop()) {
      if (this.#waiting.get(next.session) !== next) continue;
      this.#waiting.delete(next.session);
      return next;
    }
    return undefined;
  }
}
