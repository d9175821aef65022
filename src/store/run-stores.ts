import type { Clock } from "../clock.ts";
import type { RunState } from "../protocol/bundle.ts";
import type { Extent, LogParts, Source } from "../sources/source.ts";
import type { Watcher } from "../sources/watcher.ts";
import { RunStore } from "./run-store.ts";
import type { Topic } from "./topic.ts";

/** A run stays open this long after its last reader left: for who reloads, or was away for a moment. */
const LINGER_MS: Readonly<Record<Extent, number>> = { whole: 10_000, tail: 60_000 };

/** Numbers of topics are the server's, so that a patch encoded once fits every connection. */
let lastNumber = 0;

export interface OpenRun {
  readonly topic: Topic<RunState>;
  /** What the topic's state leaves out; of the epoch that the topic has at that moment. */
  readonly parts: LogParts;
  /** What its messages call it. */
  readonly number: number;
  /** Says that this reader is done; again is nothing. */
  readonly release: () => void;
}

export interface RunStoresParts {
  readonly source: Source;
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly onError: (error: unknown) => void;
  readonly onStanding: () => void;
}

interface Opening {
  readonly number: number;
  readonly store: Promise<RunStore>;
}

/**
 * The stores of one run, at most one of each extent, open for as long as someone
 * reads them. Whole and tail are two topics: each has its own versions.
 */
export class RunStores {
  readonly #id: string;
  readonly #dir: string;
  readonly #parts: RunStoresParts;
  readonly #byExtent: Record<Extent, Shared> = { whole: new Shared(), tail: new Shared() };
  #closed = false;

  constructor(id: string, dir: string, parts: RunStoresParts) {
    this.#id = id;
    this.#dir = dir;
    this.#parts = parts;
  }

  /** Opens the run, or shares the store that is open, until it is released. */
  async open(extent: Extent): Promise<OpenRun> {
    const shared = this.#byExtent[extent];
    shared.readers += 1;
    shared.cancelClose();
    try {
      const { number, store } = await this.#storeOf(shared, extent);
      const release = once(() => this.#release(shared, extent));
      return {
        topic: store.topic,
        get parts() {
          return store.parts;
        },
        number,
        release,
      };
    } catch (error) {
      shared.readers -= 1;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Object.values(this.#byExtent).map((shared) => shared.close()));
  }

  /** The store that is open; a new one where the last could not be opened, or could not go on. */
  async #storeOf(shared: Shared, extent: Extent): Promise<{ number: number; store: RunStore }> {
    const before = shared.opening;
    const store = await before?.store.catch(() => undefined);
    if (before !== undefined && store !== undefined && !store.topic.hasEnded) return { ...before, store };
    if (shared.opening === before) {
      lastNumber += 1;
      const number = lastNumber;
      shared.opening = {
        number,
        store: RunStore.open(this.#id, this.#dir, { ...this.#parts, extent, number }),
      };
      await store?.close();
    }
    const { opening } = shared;
    if (opening === undefined || this.#closed) throw new Error("The run went while it was being opened.");
    return { number: opening.number, store: await opening.store };
  }

  #release(shared: Shared, extent: Extent): void {
    shared.readers -= 1;
    if (shared.readers > 0 || this.#closed) return;
    shared.cancelClose = this.#parts.clock.after(LINGER_MS[extent], () => void shared.close());
  }
}

/** One store and who reads it. */
class Shared {
  readers = 0;
  opening: Opening | undefined;
  cancelClose: () => void = () => undefined;

  async close(): Promise<void> {
    const { opening } = this;
    this.opening = undefined;
    this.cancelClose();
    await (await opening?.store.catch(() => undefined))?.close();
  }
}

function once(task: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    task();
  };
}
