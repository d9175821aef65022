import type { ClientMessage } from "../../src/protocol/messages.ts";
import type { Connect, Connection, ConnectionEvents } from "./connection.ts";

/** The ways to the server, the best first. */
const WAYS = ["socket", "stream", "polling"] as const;
export type Way = (typeof WAYS)[number];

interface World {
  readonly connects: Readonly<Record<Way, Connect>>;
  /** Does the server answer a plain request? */
  readonly isThere: () => Promise<boolean>;
  /** Runs `task` after a while; the result cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** A connection stands by this way. */
  readonly stands: (way: Way) => void;
}

/** Does the server speak first by this way? One that opens and stays dumb gets nothing through. */
const GREETS: Readonly<Record<Way, boolean>> = { socket: true, stream: false, polling: false };

/** How often a better way is tried while a worse one stands; the first time sooner. */
const TRY_BETTER_MS = 15_000;
const FIRST_TRY_MS = 3_000;
/** A way by which nothing is heard within this is blocked, whether it opens or not. */
const HEARD_WITHIN_MS = 1_500;

/**
 * One way to connect made of three. A way that cannot be opened although the
 * server answers is blocked by something in between: the others are tried at once,
 * the best first. It begins with the one that stood last. While one stands, better
 * ones are tried again and again; once something is heard by one of them the
 * connection is given up, and the next one takes the better way.
 */
export function ladder(world: World): Connect {
  let way: Way = "socket";
  return (events) => new Climb(world, events, way, (next) => (way = next));
}

/** One connection, by whichever way opens. */
class Climb implements Connection {
  readonly #world: World;
  readonly #events: ConnectionEvents;
  /** The way to begin with the next time. */
  readonly #prefer: (way: Way) => void;
  readonly #left: Way[];
  #current: Connection | null = null;
  #cancelDoubt: () => void = () => undefined;
  #stopTrying: () => void = () => undefined;
  #hasOpened = false;
  #ended = false;

  constructor(world: World, events: ConnectionEvents, first: Way, prefer: (way: Way) => void) {
    this.#world = world;
    this.#events = events;
    this.#prefer = prefer;
    this.#left = [first, ...WAYS.filter((other) => other !== first)];
    this.#next();
  }

  send(message: ClientMessage): void {
    this.#current?.send(message);
  }

  close(): void {
    const current = this.#current;
    this.#end();
    current?.close();
  }

  #next(): void {
    const way = this.#left.shift();
    if (way === undefined) return this.#end();
    let isHeard = false;
    let isOver = false;
    const hear = () => {
      isHeard = true;
      this.#cancelDoubt();
    };
    const connection = this.#world.connects[way]({
      opened: () => {
        if (this.#ended || isOver) return;
        this.#hasOpened = true;
        this.#prefer(way);
        if (!GREETS[way]) hear();
        this.#world.stands(way);
        this.#stopTrying = tryBetter(this.#world, way, (better) => {
          this.#prefer(better);
          this.close();
        });
        this.#events.opened();
      },
      pong: () => this.#events.pong(),
      message: (message) => {
        if (this.#ended) return;
        hear();
        this.#events.message(message);
      },
      closed: () => {
        if (isOver) return;
        isOver = true;
        this.#cancelDoubt();
        if (!this.#ended) void this.#lost(way, isHeard);
      },
    });
    this.#current = connection;
    if (!this.#ended && !isHeard) {
      this.#cancelDoubt = this.#world.after(HEARD_WITHIN_MS, () => connection.close());
    }
  }

  async #lost(way: Way, wasHeard: boolean): Promise<void> {
    if (wasHeard || !(await this.#world.isThere())) return this.#end();
    // Who was told that it is open is told that it is not; the next connection passes this way over.
    if (this.#hasOpened) {
      this.#prefer(this.#left[0] ?? way);
      return this.#end();
    }
    if (this.#ended) return;
    this.#prefer(this.#left[0] ?? "socket");
    this.#next();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelDoubt();
    this.#stopTrying();
    this.#events.closed();
  }
}

/** Tries the better ways, until one is heard of; gives the way to stop it. */
function tryBetter(world: World, than: Way, found: (better: Way) => void): () => void {
  const better = WAYS.slice(0, WAYS.indexOf(than));
  let isOver = false;
  let cancelTimer: () => void = () => undefined;
  let trial: Connection | null = null;
  const round = (ms: number) => {
    if (!isOver) cancelTimer = world.after(ms, () => attempt(0));
  };
  const attempt = (index: number) => {
    const candidate = better[index];
    if (candidate === undefined) return round(TRY_BETTER_MS);
    let isDone = false;
    const done = (isGood: boolean) => {
      if (isDone) return;
      isDone = true;
      cancelTimer();
      trial?.close();
      trial = null;
      if (isOver) return;
      if (isGood) found(candidate);
      else attempt(index + 1);
    };
    cancelTimer = world.after(HEARD_WITHIN_MS, () => done(false));
    trial = world.connects[candidate]({
      opened: () => {
        if (!GREETS[candidate]) done(true);
      },
      pong: () => undefined,
      message: () => done(true),
      closed: () => done(false),
    });
  };
  if (better.length > 0) round(FIRST_TRY_MS);
  return () => {
    isOver = true;
    cancelTimer();
    trial?.close();
  };
}
