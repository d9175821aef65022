/**
 * Lists of plain numbers that grow at their end: what would be a hundred
 * thousand objects is a few blocks of memory.
 */

export class Floats {
  #items = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Float64Array(this.#length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length] = value;
    this.#length += 1;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  /** NaN outside the list. */
  at(index: number): number {
    return index >= 0 && index < this.#length ? this.#items[index]! : Number.NaN;
  }

  /** The block itself, for loops over all of it; it may be longer than the list. */
  get items(): Float64Array {
    return this.#items;
  }

  /** Of a list that never goes down: how many are at most `value`. */
  upTo(value: number): number {
    return firstWhere(this.#length, (index) => this.#items[index]! > value);
  }

  /** Of a list that never goes down: how many are less than `value`. */
  before(value: number): number {
    return firstWhere(this.#length, (index) => this.#items[index]! >= value);
  }
}

/** Whole numbers from 0; at most NOWHERE. */
export class Ints {
  #items = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length] = value;
    this.#length += 1;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  /** NOWHERE outside the list. */
  at(index: number): number {
    return index >= 0 && index < this.#length ? this.#items[index]! : NOWHERE;
  }

  /** The block itself, for loops over all of it; it may be longer than the list. */
  get items(): Uint32Array {
    return this.#items;
  }

  /** Of a list that never goes down: how many are less than `value`. */
  before(value: number): number {
    return firstWhere(this.#length, (index) => this.#items[index]! >= value);
  }
}

/** A place that no log reaches. */
export const NOWHERE = 2 ** 32 - 1;

/** Words as small numbers: the same few names stand on every row. */
export class Words {
  readonly #codes = new Map<string, number>();
  readonly #words: string[] = [];

  code(word: string): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    this.#codes.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }

  word(code: number): string {
    return this.#words[code] ?? "";
  }
}

/** The first index (or `length`) that `isPast` holds for; it holds for all after it. */
export function firstWhere(length: number, isPast: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
