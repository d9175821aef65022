import type { Clock } from "../clock.ts";

/** A new folder gets its files within moments; so soon, and then ever later, it is looked into. */
const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 3_000;
/** While they are this few and this young, never later than this: a person waits for the run to show. */
const PROMPT_MS = 150;
const PROMPT_FOR_MS = 10_000;
const FEW = 32;
/** Where there are many folders that were no run for this long, only every tenth sweep looks into them. */
const PATIENCE_MS = 60_000;
const MANY = 200;

interface Candidate {
  readonly since: number;
  /** When something last happened at it. */
  wokenAt: number;
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
  readonly #lookInto: (name: string) => void;
  readonly #byName = new Map<string, Candidate>();

  constructor(clock: Clock, lookInto: (name: string) => void) {
    this.#clock = clock;
    this.#lookInto = lookInto;
  }

  /** Something happened at a folder that is no run yet. */
  appeared(name: string): void {
    const candidate = this.#candidate(name);
    candidate.nextIn = FIRST_LOOK_MS;
    candidate.wokenAt = this.#clock.passed();
    this.#schedule(name, candidate);
  }

  /** It was looked into, and is no run yet. */
  notYet(name: string): void {
    const candidate = this.#candidate(name);
    if (candidate.nextIn > LAST_LOOK_MS) return;
    this.#schedule(name, candidate);
    const isYoung = this.#clock.passed() - candidate.since < PROMPT_FOR_MS;
    const mostIn = isYoung && this.#byName.size <= FEW ? PROMPT_MS : Number.POSITIVE_INFINITY;
    candidate.nextIn = Math.min(candidate.nextIn * 2, mostIn);
  }

  /** It was looked into, and nothing has happened in it for long: it is left to the sweep. */
  passedOver(name: string): void {
    this.#candidate(name);
  }

  /** It is a run now, or gone. */
  settled(name: string): void {
    this.#byName.get(name)?.cancel?.();
    this.#byName.delete(name);
  }

  /** Forgets those that were not there when it was listed at `listedAt` (time passed), and not heard of since. */
  keepOnly(names: ReadonlySet<string>, listedAt: number): void {
    for (const [name, { wokenAt }] of this.#byName) {
      if (!names.has(name) && wokenAt < listedAt) this.settled(name);
    }
  }

  /** Should a sweep look into this folder? */
  isDue(name: string): boolean {
    const candidate = this.#byName.get(name);
    if (candidate === undefined) return true;
    candidate.sweeps += 1;
    const isNew = this.#clock.passed() - candidate.since < PATIENCE_MS;
    return isNew || this.#byName.size < MANY || candidate.sweeps % 10 === 0;
  }

  close(): void {
    for (const candidate of this.#byName.values()) candidate.cancel?.();
    this.#byName.clear();
  }

  #candidate(name: string): Candidate {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const fresh = {
      since: this.#clock.passed(),
      wokenAt: Number.NEGATIVE_INFINITY,
      nextIn: FIRST_LOOK_MS,
      cancel: undefined,
      sweeps: 0,
    };
    this.#byName.set(name, fresh);
    return fresh;
  }

  #schedule(name: string, candidate: Candidate): void {
    if (candidate.cancel !== undefined) return;
    candidate.cancel = this.#clock.after(candidate.nextIn, () => {
      candidate.cancel = undefined;
      this.#lookInto(name);
    });
  }
}
