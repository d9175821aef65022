import type { Connect, Connection } from "./connection.ts";

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
const GREETS: Readonly<Record<Way, boolean>> = { socket: true, stream: true, polling: false };

/** How often a better way is tried while a worse one stands; the first time sooner. */
const TRY_BETTER_MS = 15_000;
const FIRST_TRY_MS = 3_000;
/** A way by which nothing is heard within this is blocked, whether it opens or not. */
const HEARD_WITHIN_MS = 3_000;

/**
 * One way to connect made of three. A way that cannot be opened although the
 * server answers is blocked by something in between: the next one down is taken.
 * While it stands the better ones are tried again and again; once one opens, the
 * connection is given up, and the next one takes the better way.
 */
export function ladder(world: World): Connect {
  let way: Way = "socket";

  const below = (from: Way): Way => WAYS[WAYS.indexOf(from) + 1] ?? "socket";

  /** Gives the way to stop trying. */
  const tryBetter = (than: Way, found: (better: Way) => void): (() => void) => {
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
  };

  return (events) => {
    const own = way;
    /** Whether the way is blocked or the server is away is known before the next try. */
    const leave = async () => {
      way = (await world.isThere()) ? below(own) : "socket";
      events.closed();
    };
    let isHeard = false;
    let cancelDoubt: () => void = () => undefined;
    let stopTrying: () => void = () => undefined;
    const connection = world.connects[own]({
      ...events,
      opened() {
        world.stands(own);
        isHeard = !GREETS[own];
        if (!isHeard) cancelDoubt = world.after(HEARD_WITHIN_MS, () => connection.close());
        stopTrying = tryBetter(own, (better) => {
          way = better;
          connection.close();
        });
        events.opened();
      },
      message(message) {
        isHeard = true;
        cancelDoubt();
        events.message(message);
      },
      closed() {
        cancelDoubt();
        stopTrying();
        if (isHeard) return events.closed();
        void leave();
      },
    });
    return connection;
  };
}
