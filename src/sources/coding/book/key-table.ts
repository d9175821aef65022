const FIRST_KEYS = 1_024;

/**
 * Numbers keys from 0 in the order of their coming. A key is a whole number below 2^53. It takes 16
 * to 32 bytes a key, where a Map takes hundreds.
 */
export class KeyTable {
  #keys = new Float64Array(FIRST_KEYS);
  /** Of each slot the key's number and 1; 0 is empty. Always at least half of them are. */
  #slots = new Int32Array(2 * FIRST_KEYS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** -1: it is not there. */
  numberOf(key: number): number {
    return (this.#slots[this.#slotOf(key)] ?? 0) - 1;
  }

  /** The number of the key, which is there afterwards. */
  add(key: number): number {
    const slot = this.#slotOf(key);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    if (this.#size === this.#keys.length) {
      this.#grow();
      return this.add(key);
    }
    const number = this.#size;
    this.#keys[number] = key;
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return number;
  }

  keyOf(number: number): number {
    return this.#keys[number] ?? Number.NaN;
  }

  /** Where the key is, or would be. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = Math.imul((key % 2 ** 32) | 0, 2_654_435_761) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#keys[known - 1] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(2 * keys.length);
    for (let number = 0; number < this.#size; number += 1) {
      this.#slots[this.#slotOf(keys[number] ?? 0)] = number + 1;
    }
  }
}
