import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { EventFeed, type Runs } from "./event-feed.ts";
import { EventNumbers } from "./event-numbers.ts";
import { EventOutlet } from "./event-outlet.ts";
import { sendEventHeaders } from "./event-pipe.ts";
import { RunEventStream } from "./run-event-stream.ts";

/** Runs whose event numbers are remembered after their last reader left. */
const MOST_NUMBERED = 16;
/** The feed goes on for so long after its last listener left, who may be back in a moment. */
const LINGER_MS = 60_000;
/** Small frames leave together. */
const BATCH_CHARS = 16 * 1024;
/** In the place of an id: the newest run. */
const LATEST = "latest";

/** What is handed over to a stream, and what ends it with the server. */
interface Stream {
  end(): void;
}

/** The event streams (docs/events.md), for readers that come by plain HTTP. */
export class EventStreams {
  readonly #catalog: Runs;
  readonly #listed: Promise<unknown>;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #numbers = new Map<string, { readonly epoch: string; readonly numbers: EventNumbers }>();
  readonly #streams = new Set<Stream>();
  readonly #listeners = new Set<Listener>();
  #feed: EventFeed | undefined;
  #cancelClose: () => void = () => undefined;
  #isClosed = false;

  /** `listed`: the newest runs have been found. Who asks sooner waits, so that nobody is told that a run is gone. */
  constructor(catalog: Runs, listed: Promise<unknown>, clock: Clock, onError: (error: unknown) => void) {
    this.#catalog = catalog;
    this.#listed = listed;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** The events of one run after number `after`. False: there is no such run. */
  async run(response: ServerResponse, id: string, after: number): Promise<boolean> {
    await this.#listed;
    const runId = id === LATEST ? this.#catalog.list.all[0]?.runId : id;
    const run = runId === undefined ? undefined : await this.#catalog.open(runId, "tail");
    if (runId === undefined || run === undefined) return false;
    if (response.destroyed || this.#isClosed) {
      run.release();
      return true;
    }
    const numbers = this.#numbersOf(runId, run.topic.epoch);
    const parts = { run, runId, numbers, after, clock: this.#clock, onError: this.#onError };
    const stream = new RunEventStream(response, parts);
    this.#keep(stream, response);
    await stream.start();
    return true;
  }

  /** All runs. `lastId` is what was read last, or anything else. */
  async all(response: ServerResponse, lastId: string): Promise<void> {
    await this.#listed;
    if (response.destroyed || this.#isClosed) return;
    this.#cancelClose();
    this.#feed ??= new EventFeed(
      this.#catalog,
      this.#clock,
      () => {
        for (const listener of this.#listeners) listener.pump();
      },
      this.#onError,
    );
    const listener = new Listener(response, this.#clock, this.#feed, lastId, () => this.#left(listener));
    this.#listeners.add(listener);
    this.#keep(listener, response);
    listener.pump();
  }

  /** What a stream would begin with. */
  async head(response: ServerResponse, id: string | null): Promise<boolean> {
    await this.#listed;
    const { list } = this.#catalog;
    const exists = id === LATEST ? list.all.length > 0 : id === null || list.find(id) !== undefined;
    if (!exists) return false;
    sendEventHeaders(response);
    response.end();
    return true;
  }

  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.end();
    this.#cancelClose();
    this.#feed?.close();
  }

  #keep(stream: Stream, response: ServerResponse): void {
    this.#streams.add(stream);
    response.once("close", () => this.#streams.delete(stream));
  }

  #left(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0 || this.#isClosed) return;
    this.#cancelClose();
    this.#cancelClose = this.#clock.after(LINGER_MS, () => {
      this.#feed?.close();
      this.#feed = undefined;
    });
  }

  #numbersOf(runId: string, epoch: string): EventNumbers {
    const known = this.#numbers.get(runId);
    this.#numbers.delete(runId);
    const numbers = known?.epoch === epoch ? known.numbers : new EventNumbers();
    this.#numbers.set(runId, { epoch, numbers });
    for (const oldest of this.#numbers.keys()) {
      if (this.#numbers.size <= MOST_NUMBERED) break;
      this.#numbers.delete(oldest);
    }
    return numbers;
  }
}

/** One reader of the feed: a place in its ring. */
class Listener implements Stream {
  readonly #feed: EventFeed;
  readonly #outlet: EventOutlet;
  /** Undefined: it is to be told the present state. */
  #place: number | undefined;
  /** It was told something before. */
  #wasAway: boolean;

  constructor(response: ServerResponse, clock: Clock, feed: EventFeed, lastId: string, left: () => void) {
    this.#feed = feed;
    this.#place = feed.ring.placeOf(lastId);
    this.#wasAway = lastId !== "";
    this.#outlet = new EventOutlet(response, clock, { goOn: () => this.pump(), left });
  }

  pump(): void {
    const { ring } = this.#feed;
    while (this.#outlet.hasRoom && this.#place !== ring.newest) {
      if (this.#place === undefined || !ring.has(this.#place)) {
        this.#place = ring.newest;
        // A block without data is no event: it only says where to resume.
        this.#outlet.send(`${this.#feed.present(this.#wasAway)}id: ${ring.idOf(ring.newest)}\n\n`);
        this.#wasAway = true;
      } else {
        const { number, text } = ring.after(this.#place, BATCH_CHARS);
        this.#place = number;
        this.#outlet.send(text);
      }
    }
  }

  end(): void {
    this.#outlet.end();
  }
}
