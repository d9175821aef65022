import { randomBytes } from "node:crypto";
import type { FeedEvent } from "../protocol/event-messages.ts";

const MOST_FRAMES = 2_000;
const MOST_CHARS = 1024 * 1024;

/**
 * The latest frames of a stream over all runs, each encoded once, for all readers. Each has a
 * number from 1 on; with the epoch it makes the id by which a reader resumes.
 */
export class EventRing {
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #frames: string[] = [];
  #chars = 0;
  #newest = 0;

  /** The number of the last frame; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** A frame without its id. */
  push(withoutId: string): void {
    this.#newest += 1;
    const frame = `id: ${this.idOf(this.#newest)}\n${withoutId}`;
    this.#frames.push(frame);
    this.#chars += frame.length;
    while (this.#frames.length > MOST_FRAMES || (this.#chars > MOST_CHARS && this.#frames.length > 1)) {
      this.#chars -= this.#frames.shift()?.length ?? 0;
    }
  }

  idOf(number: number): string {
    return `${this.#epoch}.${number}`;
  }

  /** The number in an id, if what follows it is still there. */
  placeOf(id: string): number | undefined {
    const [, epoch, digits = ""] = /^([0-9a-f]{8})\.(\d{1,15})$/.exec(id) ?? [];
    const number = Number(digits);
    return epoch === this.#epoch && number <= this.#newest && this.has(number) ? number : undefined;
  }

  /** Is all that follows this number still there? */
  has(number: number): boolean {
    return number >= this.#newest - this.#frames.length;
  }

  /** Some of the frames that follow `number`, the next one at least, and the number of the last of them. */
  after(number: number, chars: number): { readonly text: string; readonly number: number } {
    let text = "";
    let last = number;
    while (last < this.#newest && text.length < chars) {
      text += this.#frames[this.#frames.length - (this.#newest - last)] ?? "";
      last += 1;
    }
    return { text, number: last };
  }
}

/** A frame without an id: it is no place to resume at. */
export function frameOf({ data, event }: FeedEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
