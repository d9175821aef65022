import type { Clock } from "../clock.ts";

/** A new folder gets its files within moments; so soon, and then ever later, it is looked into. */
const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 3_000;
/** Where there are many folders that were no run for this long, only every tenth sweep looks into them. */
const PATIENCE_MS = 60_000;
const MANY = 200;

interface Candidate {
  readonly since: number;
  nextIn: number;
  cancel: (() => void) | undefined;
  sweeps: number;
}

/**
 * Folders that are not runs, yet: a producer makes the folder first and its
 * files after. Each is looked into at growing distances, and then by the sweep.
 */
export class Candidates {
  readonly #clock: Clock;
  readonly #lookInto: (dir: string) => void;
  readonly #byDir = new Map<string, Candidate>();

  constructor(clock: Clock, lookInto: (dir: string) => void) {
    this.#clock = clock;
    this.#lookInto = lookInto;
  }

  /** Something happened at a folder that is no run yet. */
  appeared(dir: string): void {
    const candidate = this.#candidate(dir);
    candidate.nextIn = FIRST_LOOK_MS;
    this.#schedule(dir, candidate);
  }

  /** It was looked into, and is no run yet. */
  notYet(dir: string): void {
    const candidate = this.#candidate(dir);
    if (candidate.nextIn > LAST_LOOK_MS) return;
    this.#schedule(dir, candidate);
    candidate.nextIn *= 2;
  }

  /** It is a run now, or gone. */
  settled(dir: string): void {
    this.#byDir.get(dir)?.cancel?.();
    this.#byDir.delete(dir);
  }

  /** Forgets those that are no longer there. */
  keepOnly(dirs: ReadonlySet<string>): void {
    for (const dir of this.#byDir.keys()) if (!dirs.has(dir)) this.settled(dir);
  }

  /** Should a sweep look into this folder? */
  isDue(dir: string): boolean {
    const candidate = this.#byDir.get(dir);
    if (candidate === undefined) return true;
    candidate.sweeps += 1;
    const isNew = this.#clock.passed() - candidate.since < PATIENCE_MS;
    return isNew || this.#byDir.size < MANY || candidate.sweeps % 10 === 0;
  }

  close(): void {
    for (const candidate of this.#byDir.values()) candidate.cancel?.();
    this.#byDir.clear();
  }

  #candidate(dir: string): Candidate {
    const known = this.#byDir.get(dir);
    if (known !== undefined) return known;
    const fresh = { since: this.#clock.passed(), nextIn: FIRST_LOOK_MS, cancel: undefined, sweeps: 0 };
    this.#byDir.set(dir, fresh);
    return fresh;
  }

  #schedule(dir: string, candidate: Candidate): void {
    if (candidate.cancel !== undefined) return;
    candidate.cancel = this.#clock.after(candidate.nextIn, () => {
      candidate.cancel = undefined;
      this.#lookInto(dir);
    });
  }
}
