/**
 * The results of an evaluation that are no news any more. A run may be read again, and in
 * another order, and another run may take its folder: so a result is known by its
 * attempt, and one that was written later is another run's.
 */
export class ToldResults {
  readonly #at = new Map<string, number>();

  isNews(attempt: string, at: number): boolean {
    const told = this.#at.get(attempt);
    return told === undefined || at > told;
  }

  note(attempt: string, at: number): void {
    this.#at.set(attempt, Math.max(at, this.#at.get(attempt) ?? at));
  }
}
