import { resolve } from "node:path";
import type { Place, Source } from "../sources/source.ts";
import { RootTrouble } from "./root-trouble.ts";
import type { Root } from "./roots.ts";
import type { LookParts } from "./runs-by-name.ts";
import { NO_ROOT, Spot, type SpotParts } from "./spot.ts";
import { type Way, waysOf, waysOn } from "./ways.ts";

export interface RunFinderParts extends LookParts {
  readonly roots: readonly Root[];
  /** The folder that the viewer was started in, where nobody named one. */
  readonly workingDir?: string | undefined;
  readonly sources: readonly Source[];
  readonly watcher: SpotParts["watcher"];
  /** Is it looked for what no event told? */
  readonly sweeps?: boolean;
  /** Told, in words, of the folders that cannot be looked into: each time all there is, or nothing. */
  readonly onTrouble?: (sentences: readonly string[]) => void;
}

/**
 * Finds the places that may hold runs, as they appear and as they go: the roots,
 * and the spots on the sources' ways below them.
 *
 * What always holds: a place that is found from several spots is one; it is gone
 * when the last of them has let go of it.
 */
export class RunFinder {
  readonly #parts: RunFinderParts;
  readonly #roots: readonly Spot[];
  /** How many hold a place: spots, and looks under way. */
  readonly #holders = new Map<Place, number>();
  #goOn: () => void = () => undefined;
  #turn = new Promise<void>((resolve) => {
    this.#goOn = resolve;
  });
  #closed = false;

  constructor(parts: RunFinderParts) {
    this.#parts = parts;
    const { onTrouble = () => undefined, sweeps = true } = parts;
    const spotParts: SpotParts = {
      ...parts,
      sweeps,
      trouble: new RootTrouble(sweeps, onTrouble),
      lookInto: (places, sources) => this.#lookInto(places, sources),
      gone: (places) => this.#release(places),
      spots: new Set(),
      inTurn: (work) => this.#inTurn(work),
    };
    const roots = parts.roots.map(({ dir, isQuiet = false, sources }) => {
      const isAny = sources === undefined;
      const meant = parts.sources.filter(({ type }) => isAny || sources.includes(type));
      const ways = meant.flatMap((source) => waysOf(source, isAny ? [".", ...source.below] : source.below));
      const role = { mayBeRun: isAny, mustBeThere: !isQuiet };
      return new Spot(dir, [...ways, ...waysOn(ways, resolve(dir))], spotParts, role);
    });
    const { workingDir } = parts;
    const atHand: Way[] = parts.sources.flatMap((source) => waysOf(source, source.atHand));
    const here = workingDir === undefined ? [] : [new Spot(workingDir, atHand, spotParts, NO_ROOT)];
    this.#roots = [...roots, ...here];
  }

  /**
   * Resolves when the newest runs of every root were looked into. The others follow, one spot after the
   * other: of two runs with one id the same is always met first.
   */
  async start(): Promise<void> {
    for (const root of this.#roots) await root.start();
    this.#goOn();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#goOn();
    await Promise.all(this.#roots.map((root) => root.close()));
  }

  /** Held before it is looked into, so that nobody lets it go meanwhile. */
  async #lookInto(places: readonly Place[], sources: readonly Source[]): Promise<readonly Place[]> {
    for (const place of places) this.#holders.set(place, (this.#holders.get(place) ?? 0) + 1);
    let not = places;
    try {
      not = await this.#parts.lookInto(places, sources);
    } finally {
      await this.#release(not);
    }
    return not;
  }

  async #release(places: readonly Place[]): Promise<void> {
    const gone: Place[] = [];
    for (const place of places) {
      const left = (this.#holders.get(place) ?? 0) - 1;
      if (left > 0) {
        this.#holders.set(place, left);
      } else {
        this.#holders.delete(place);
        gone.push(place);
      }
    }
    if (gone.length > 0 && !this.#closed) await this.#parts.gone(gone);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => this.#parts.onError(error));
    return this.#turn;
  }
}
