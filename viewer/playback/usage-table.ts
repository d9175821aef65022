import { addUsage, NO_USAGE, type Usage } from "../../src/protocol/usage.ts";
import { Floats, Ints, NOWHERE, Words } from "./columns.ts";

/** What one part of a session took: a model, a session of it. */
export interface UsagePart {
  readonly name: string;
  readonly usage: Usage;
}

interface UsageLine {
  readonly attempt: string | null;
  readonly session: string;
  readonly model: string | null;
  readonly usage: Usage;
  readonly isRepeated: boolean;
}

const KINDS = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "outputTokens",
  "unpricedTokens",
] as const;

/** By which name lines are put together. */
const BYS = ["model", "session"] as const;
type By = (typeof BYS)[number];

/**
 * What a coding session used, and what was known of it at any moment. Lines tell what is new, so they add
 * up. What is repeated counts in another run: it is kept apart, and is in no other sum.
 */
export class UsageTable {
  readonly #times = new Floats();
  readonly #tokens = KINDS.map(() => new Floats());
  /** NaN: no price is known of it. */
  readonly #costs = new Floats();
  readonly #names: Readonly<Record<By, Ints>> = { model: new Ints(), session: new Ints() };
  readonly #repeated: boolean[] = [];
  readonly #words = new Words();
  readonly #byAttempt = new Map<string, number[]>();
  readonly #parts: Readonly<Record<By, PartSums>> = { model: new PartSums(), session: new PartSums() };
  /** The sums after each line: without what is repeated, and of that alone. */
  readonly #own = new Sums();
  readonly #again = new Sums();

  add(at: number, { attempt, isRepeated, model, session, usage }: UsageLine): void {
    const place = this.#times.length;
    this.#times.push(at);
    for (const [kind, column] of this.#tokens.entries()) column.push(usage[KINDS[kind] ?? "inputTokens"]);
    this.#costs.push(usage.costUsd ?? Number.NaN);
    this.#names.model.push(model === null ? NOWHERE : this.#words.code(model));
    this.#names.session.push(this.#words.code(session));
    this.#repeated.push(isRepeated);
    (isRepeated ? this.#again : this.#own).add(at, usage);
    for (const by of BYS) this.#parts[by].add(isRepeated ? null : this.#names[by].at(place), usage);
    if (attempt === null) return;
    const places = this.#byAttempt.get(attempt);
    if (places === undefined) this.#byAttempt.set(attempt, [place]);
    else places.push(place);
  }

  get isEmpty(): boolean {
    return this.#times.length === 0;
  }

  /** How many lines were known by `at`: as long as it is the same, so is all else as of then. */
  knownBy(at: number): number {
    return this.#times.upTo(at);
  }

  /** All that was used by `at`. */
  by(at: number): Usage {
    return this.#own.by(at);
  }

  /** What the files tell of once more, and another run counts. */
  repeatedBy(at: number): Usage {
    return this.#again.by(at);
  }

  /** What one turn had used by `at`. */
  ofAttempt(attempt: string, at: number): Usage {
    let sum = NO_USAGE;
    for (const place of this.#placesOf(attempt, at)) sum = addUsage(sum, this.#usageAt(place));
    return sum;
  }

  /** The parts of it, in the order in which they were first told of: of one turn, or of all of them. */
  parts(by: By, at: number, attempt: string | null = null): UsagePart[] {
    const known = this.knownBy(at);
    const { place: start, sums } = attempt === null ? this.#parts[by].before(known) : noParts();
    const places = attempt === null ? this.#ownPlaces(start, known) : this.#placesOf(attempt, at);
    for (const place of places) addTo(sums, this.#names[by].at(place), this.#usageAt(place));
    return Array.from(sums, ([name, usage]) => ({
      name: name === NOWHERE ? "" : this.#words.word(name),
      usage,
    }));
  }

  /** The model that answered last in a session by `at`; null while none is told. */
  modelBy(at: number, session: string): string | null {
    const own = this.#words.code(session);
    for (let place = this.knownBy(at) - 1; place >= 0; place -= 1) {
      const model = this.#names.model.at(place);
      if (model !== NOWHERE && this.#names.session.at(place) === own) return this.#words.word(model);
    }
    return null;
  }

  *#ownPlaces(from: number, to: number): Iterable<number> {
    for (let place = from; place < to; place += 1) if (this.#repeated[place] !== true) yield place;
  }

  *#placesOf(attempt: string, at: number): Iterable<number> {
    for (const place of this.#byAttempt.get(attempt) ?? []) {
      if (this.#times.at(place) > at) return;
      if (this.#repeated[place] !== true) yield place;
    }
  }

  #usageAt(place: number): Usage {
    const cost = this.#costs.at(place);
    return usageOf((kind) => this.#tokens[kind]?.at(place) ?? 0, Number.isNaN(cost) ? null : cost);
  }
}

type PartMap = Map<number, Usage>;

function addTo(sums: PartMap, name: number, usage: Usage): void {
  sums.set(name, addUsage(sums.get(name) ?? NO_USAGE, usage));
}

const noParts = () => ({ place: 0, sums: new Map<number, Usage>() });

/** So many lines are added up at most to tell the parts as of a moment. */
const LINES_A_MARK = 1024;

/** The sums of each part after every so many lines. */
class PartSums {
  readonly #marks: PartMap[] = [];
  readonly #sums: PartMap = new Map();
  #length = 0;

  /** The next line; null: it counts in no part. */
  add(name: number | null, usage: Usage): void {
    if (name !== null) addTo(this.#sums, name, usage);
    this.#length += 1;
    if (this.#length % LINES_A_MARK === 0) this.#marks.push(new Map(this.#sums));
  }

  /** The sums after some line at most so far down, and how many lines are in them. */
  before(known: number): { readonly place: number; readonly sums: PartMap } {
    const count = Math.min(Math.floor(known / LINES_A_MARK), this.#marks.length);
    const mark = this.#marks[count - 1];
    return mark === undefined ? noParts() : { place: count * LINES_A_MARK, sums: new Map(mark) };
  }
}

/** Sums so far, after each line of a kind. */
class Sums {
  readonly #times = new Floats();
  readonly #tokens = KINDS.map(() => new Floats());
  readonly #costs = new Floats();
  #sum = NO_USAGE;

  add(at: number, usage: Usage): void {
    this.#sum = addUsage(this.#sum, usage);
    this.#times.push(at);
    for (const [kind, column] of this.#tokens.entries()) column.push(this.#sum[KINDS[kind] ?? "inputTokens"]);
    this.#costs.push(this.#sum.costUsd ?? Number.NaN);
  }

  by(at: number): Usage {
    const place = this.#times.upTo(at) - 1;
    if (place < 0) return NO_USAGE;
    const cost = this.#costs.at(place);
    return usageOf((kind) => this.#tokens[kind]?.at(place) ?? 0, Number.isNaN(cost) ? null : cost);
  }
}

function usageOf(tokens: (kind: number) => number, costUsd: number | null): Usage {
  return {
    inputTokens: tokens(0),
    cacheReadTokens: tokens(1),
    cacheWriteTokens: tokens(2),
    cacheWrite1hTokens: tokens(3),
    outputTokens: tokens(4),
    unpricedTokens: tokens(5),
    costUsd,
  };
}
