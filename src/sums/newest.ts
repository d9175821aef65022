/** A map that forgets what was put into it first, past so many. */
export class Newest<Value> {
  readonly #most: number;
  readonly #byKey = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): Value | undefined {
    return this.#byKey.get(key);
  }

  set(key: string, value: Value): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, value);
    if (this.#byKey.size <= this.#most) return;
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }
}
