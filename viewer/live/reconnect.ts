import type { ClientMessage } from "../../src/protocol/messages.ts";
import { backoff } from "./backoff.ts";
import type { Connect, Connection, ServerMessageListener } from "./connection.ts";

export type LinkState =
  | { readonly kind: "connecting"; readonly attempt: number }
  | { readonly kind: "open"; readonly latencyMs: number | null }
  | { readonly kind: "waiting"; readonly retryAt: number; readonly attempt: number };

/** What the link needs of the world; tests bring their own. */
interface LinkWorld {
  now(): number;
  random(): number;
  /** Runs `task` after a while; the result cancels it. */
  after(ms: number, task: () => void): () => void;
}

interface LinkEvents {
  readonly state: (state: LinkState) => void;
  /** A new connection stands: whatever was subscribed before is not any more. */
  readonly opened: () => void;
  readonly message: ServerMessageListener;
}

export interface Link {
  send(message: ClientMessage): void;
  /** Leaves a wait, or makes sure that an open connection still answers. */
  wake(): void;
  stop(): void;
}

/** The first snapshots come at once; a ping behind them would measure their size. */
const FIRST_PING_MS = 1000;
/** Together with a wait and a new connection: what broke without a word is whole again within ten seconds. */
const PING_EVERY_MS = 2_500;
const PONG_WITHIN_MS = 4_000;
/** A pong waits behind what was asked for, and a long run takes its time on a slow line. */
const ANSWER_WITHIN_MS = 15_000;
/** Room for three ways to be tried, one after the other. */
const OPEN_WITHIN_MS = 10_000;
/** A connection that lasted this long was a good one: the next failure starts from the shortest wait. */
const GOOD_STAY_MS = 10_000;

/** Keeps one connection alive. It knows nothing of what is said over it, but ping. */
export function startLink(connect: Connect, world: LinkWorld, events: LinkEvents): Link {
  let state: LinkState = { kind: "connecting", attempt: 0 };
  let connection: Connection | null = null;
  let stopped = false;
  let openedAt = 0;
  let pingedAt: number | null = null;
  /** Something was asked for, and nothing has come since. */
  let isAsking = false;
  let attempts = 0;
  let cancelTimer = () => {};

  const enter = (next: LinkState) => {
    state = next;
    events.state(next);
  };

  /** One timer at a time: the next thing to happen if nothing else does. */
  const schedule = (ms: number, task: () => void) => {
    cancelTimer();
    cancelTimer = world.after(ms, task);
  };

  const patience = () => (isAsking ? ANSWER_WITHIN_MS : PONG_WITHIN_MS);

  const open = (attempt: number) => {
    isAsking = false;
    enter({ kind: "connecting", attempt });
    schedule(OPEN_WITHIN_MS, drop);
    let own: Connection | null = null;
    // An event of a connection that has been replaced changes nothing.
    const current = () => !stopped && own !== null && own === connection;
    own = connect({
      opened: () => {
        if (!current()) return;
        openedAt = world.now();
        enter({ kind: "open", latencyMs: null });
        events.opened();
        schedule(FIRST_PING_MS, ping);
      },
      pong: () => {
        if (!current() || pingedAt === null) return;
        enter({ kind: "open", latencyMs: Math.max(0, Math.round(world.now() - pingedAt)) });
        pingedAt = null;
        schedule(PING_EVERY_MS, ping);
      },
      message: (message) => {
        if (!current()) return;
        isAsking = false;
        // What comes says as much as a pong that waits behind it.
        if (pingedAt !== null) schedule(patience(), drop);
        events.message(message);
      },
      closed: () => {
        if (current()) lost();
      },
    });
    connection = own;
  };

  const ping = () => {
    pingedAt = world.now();
    connection?.send({ type: "ping" });
    schedule(patience(), drop);
  };

  /** Gives up on a connection that does not answer. Closing it tells of its loss. */
  const drop = () => connection?.close();

  const lost = () => {
    const stayed = state.kind === "open" && world.now() - openedAt >= GOOD_STAY_MS;
    attempts = stayed ? 1 : attempts + 1;
    connection = null;
    pingedAt = null;
    const wait = backoff(attempts, world.random());
    enter({ kind: "waiting", retryAt: world.now() + wait, attempt: attempts });
    schedule(wait, () => open(attempts));
  };

  open(0);
  return {
    send(message) {
      if (message.type !== "hello" && message.type !== "ping") isAsking = true;
      connection?.send(message);
      if (pingedAt !== null) schedule(patience(), drop);
    },
    wake() {
      if (stopped) return;
      if (state.kind === "waiting") open(state.attempt);
      else if (state.kind === "open" && pingedAt === null) ping();
    },
    stop() {
      stopped = true;
      cancelTimer();
      connection?.close();
    },
  };
}
