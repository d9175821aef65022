import type { MarkKind } from "../../src/protocol/turn-lines.ts";
import { Floats } from "./columns.ts";

/** Something about a coding session itself that a reader wants to find again. */
export interface SessionSign {
  /** The line of the trace that tells of it. */
  readonly line: number;
  readonly at: number;
  readonly mark: MarkKind;
  readonly text: string;
  /** The turn that it is of; null where nobody says. */
  readonly attempt: string | null;
  readonly session: string;
}

/** All marks of a coding session, in the order in which they were told. */
export class MarkTable {
  readonly #times = new Floats();
  readonly #signs: SessionSign[] = [];

  add(sign: SessionSign): void {
    this.#times.push(sign.at);
    this.#signs.push(sign);
  }

  get all(): readonly SessionSign[] {
    return this.#signs;
  }

  /** Those known by `at`. */
  by(at: number): readonly SessionSign[] {
    const count = this.#times.upTo(at);
    return count === this.#signs.length ? this.#signs : this.#signs.slice(0, count);
  }
}
