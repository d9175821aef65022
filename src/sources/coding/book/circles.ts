/** Who has to do with whom, over any number of others between them. Members are numbers from 0. */
export class Circles {
  /** Of each that has met another: itself, or another of its circle which is nearer to the one it is named by. */
  readonly #next = new Map<number, number>();

  /** What names the circle of a member; null: it has met nobody. */
  of(member: number): number | null {
    let name = this.#next.get(member);
    if (name === undefined) return null;
    for (let next = this.#next.get(name); next !== undefined && next !== name; next = this.#next.get(name)) {
      // The way is shorter the next time.
      this.#next.set(member, next);
      name = next;
    }
    return name;
  }

  /** False: they were of one circle already. */
  meet(left: number, right: number): boolean {
    const [one, other] = [this.of(left) ?? left, this.of(right) ?? right];
    if (one === other && this.#next.has(left)) return false;
    this.#next.set(Math.max(one, other), Math.min(one, other));
    this.#next.set(Math.min(one, other), Math.min(one, other));
    return true;
  }
}
