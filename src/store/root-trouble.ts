/** Folders are told one by one up to this many. */
const MOST_TOLD = 8;

type Trouble = "missing" | "unreadable";

/**
 * The folders in which runs are looked for and cannot be found: one that somebody named and that is not
 * there, one that may not be read. What always holds: each is told of until it is better, and no longer.
 */
export class RootTrouble {
  readonly #troubles = new Map<string, Trouble>();
  readonly #isSweeping: boolean;
  readonly #changed: (sentences: readonly string[]) => void;

  /** `isSweeping`: it is looked for what appears. */
  constructor(isSweeping: boolean, changed: (sentences: readonly string[]) => void) {
    this.#isSweeping = isSweeping;
    this.#changed = changed;
  }

  note(dir: string, trouble: Trouble): void {
    if (this.#troubles.get(dir) === trouble) return;
    this.#troubles.set(dir, trouble);
    this.#changed(this.#sentences());
  }

  clear(dir: string): void {
    if (this.#troubles.delete(dir)) this.#changed(this.#sentences());
  }

  #sentences(): string[] {
    const all = [...this.#troubles].map(([dir, trouble]) => this.#sentence(dir, trouble));
    const rest = all.length - MOST_TOLD;
    return rest > 0 ? [...all.slice(0, MOST_TOLD), `${rest} more folders cannot be read either.`] : all;
  }

  #sentence(dir: string, trouble: Trouble): string {
    switch (trouble) {
      case "missing":
        return this.#isSweeping
          ? `${dir} is not there; what appears in it will be shown.`
          : `${dir} is not there.`;
      case "unreadable":
        return `${dir} may not be read: what is in it is not shown.`;
    }
  }
}
