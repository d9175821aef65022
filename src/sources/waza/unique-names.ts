/** Makes names that are given twice differ, at the same cost however often one comes. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** By the name as it was given: the count from which on nothing is known to be taken. */
  readonly #counts = new Map<string, number>();

  take(name: string): string {
    let unique = name;
    let count = this.#counts.get(name) ?? 1;
    while (this.#taken.has(unique)) {
      count += 1;
      unique = `${name} (${count})`;
    }
    this.#counts.set(name, count);
    this.#taken.add(unique);
    return unique;
  }
}
