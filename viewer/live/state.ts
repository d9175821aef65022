import { computed, signal } from "@preact/signals";
import type { RunsState, RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type LogName, sessionLog, sessionOf, withEvents, withTrace } from "../../src/protocol/log-ranges.ts";
import { askServer } from "./ask-server.ts";
import { ladder, type Way } from "./ladder.ts";
import { lazyConnect } from "./lazy-connection.ts";
import type { Part } from "./part.ts";
import { Parts } from "./parts.ts";
import { fetchRange, type Range } from "./ranges.ts";
import { type Link, type LinkState, startLink } from "./reconnect.ts";
import { connectSocket } from "./socket-connection.ts";
import { type Failure, type OpenRun, type RunLife, Subscription } from "./subscription.ts";

export type { Failure };

/**
 * What the page knows of the server: the list, the open run, how the connection
 * stands. Views read it here. What is no part of it (a file of the bundle, a
 * search) they ask for by the modules beside this one, and never by the socket.
 */

const runsSignal = signal<RunsState | null>(null);
const runSignal = signal<OpenRun>({ kind: "none" });
const besideSignal = signal<OpenRun>({ kind: "none" });
const linkSignal = signal<LinkState>({ kind: "connecting", attempt: 0 });
const waySignal = signal<Way>("socket");
const resyncSignal = signal(0);
const partsFailedSignal = signal(false);

export const runs = computed(() => runsSignal.value);
export const run = computed(() => runSignal.value);
/** The run that the open one is compared with. */
export const beside = computed(() => besideSignal.value);
export const link = computed(() => linkSignal.value);
/** By which way the connection stands, or stood last. */
export const way = computed(() => waySignal.value);
/** How often a patch did not fit since the page was opened. */
export const resyncs = computed(() => resyncSignal.value);
/** A part of the open run was asked for and did not come. */
export const partsFailed = computed(() => partsFailedSignal.value);

/** Why the open run is followed no longer; null while it is, or none is open. */
export const failure = computed((): Failure | null => {
  const current = runSignal.value;
  return current.kind === "open" ? current.failure : null;
});

/** Lines that are held of the end of each log of the run beside; cut seldom. */
const BESIDE_LINES = 512;
const BESIDE_SLACK_LINES = 4096;

let live: { readonly link: Link; readonly subscription: Subscription } | null = null;
let parts: { readonly life: RunLife; readonly keeper: Parts } | null = null;

export function startLive(): void {
  const subscription = new Subscription({
    send: (message) => live?.link.send(message),
    runs: (next) => {
      runsSignal.value = next;
    },
    run: (next) => {
      // Who hears of a new life of the run asks at once for parts of it: its keeper is there before.
      keepParts(next, subscription);
      runSignal.value = next;
      // Whoever follows the logs has seen their new lines before any are let go.
      parts?.keeper.trim();
    },
    beside: (next) => {
      besideSignal.value = next;
    },
    resynced: () => {
      resyncSignal.value += 1;
    },
    after,
  });
  const started = startLink(
    ladder({
      connects: {
        socket: connectSocket,
        stream: lazyConnect(async () => (await import("./stream-connection.ts")).connectStream),
        polling: lazyConnect(async () => {
          const { pollingConnect } = await import("./polling-connection.ts");
          return pollingConnect({ ask: askServer, after });
        }),
      },
      isThere: async () => (await askServer("/api/health", 2_000)).kind === "message",
      after,
      stands: (next) => {
        waySignal.value = next;
      },
    }),
    {
      now: () => performance.now() + performance.timeOrigin,
      random: Math.random,
      after,
    },
    {
      state: (next) => {
        linkSignal.value = next;
      },
      opened: () => {
        subscription.opened();
        retryParts();
      },
      message: (message) => subscription.receive(message),
    },
  );
  live = { link: started, subscription };
  window.addEventListener("online", () => started.wake());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) started.wake();
  });
}

function after(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

export function wantRun(runId: string | null): void {
  live?.subscription.want(runId);
}

/** The run that the open one is compared with: it is followed over the same connection. */
export function wantBeside(runId: string | null): void {
  live?.subscription.wantBeside(runId);
}

/** Lets go of the older lines of the run beside, of which nobody but its index wants to know. */
export function trimBeside(): void {
  const current = besideSignal.peek();
  if (current.kind !== "open") return;
  for (const [log, { heldFrom, length }] of logsOf(current.state)) {
    if (length - heldFrom <= BESIDE_LINES + BESIDE_SLACK_LINES) continue;
    const from = Math.floor((length - BESIDE_LINES) / Log.PAGE);
    live?.subscription.change(current.life, (state) => released(state, log, (page) => page >= from));
  }
}

/** Asks again for the run that could not be shown. */
export function retryRun(): void {
  live?.subscription.retry();
}

export function retryNow(): void {
  live?.link.wake();
}

/** The parts of the open run that `asker` looks at, in place of those before. What is not held of them is fetched. */
export function wantParts(asker: string, wanted: readonly Part[]): void {
  parts?.keeper.want(asker, wanted);
}

/** The same; it settles when all is there or will not come. */
export async function bringParts(asker: string, wanted: readonly Part[]): Promise<void> {
  await parts?.keeper.bring(asker, wanted);
}

export function retryParts(): void {
  parts?.keeper.retry();
}

/** The parts of a run are kept for as long as its lines keep their numbers. */
function keepParts(next: OpenRun, subscription: Subscription): void {
  const life = next.kind === "open" ? next.life : null;
  if (life === (parts?.life ?? null)) return;
  parts?.keeper.end();
  parts = life === null ? null : { life, keeper: partsOf(life, subscription) };
  partsFailedSignal.value = false;
}

function partsOf(life: RunLife, subscription: Subscription): Parts {
  const keeper: Parts = new Parts({
    logs: () => logsOf(openState()),
    isHeld: (log, page) => {
      const state = openState();
      return (
        (state === null ? undefined : logOf(state, log))?.holds(page * Log.PAGE, (page + 1) * Log.PAGE) ??
        true
      );
    },
    fetch: async (part) => {
      const answer = await fetchRange(life, part);
      if (answer.kind !== "good") return answer.kind;
      subscription.change(life, (state) => filled(state, answer.value));
      return "filled";
    },
    release: (log, isKept) => subscription.change(life, (state) => released(state, log, isKept)),
    changed: () => {
      if (parts?.keeper === keeper) partsFailedSignal.value = keeper.hasFailed;
    },
  });
  return keeper;
}

function openState(): RunState | null {
  const current = runSignal.peek();
  return current.kind === "open" ? current.state : null;
}

function logOf(state: RunState, name: LogName): Log<unknown> | undefined {
  const id = sessionOf(name);
  return id === null ? state.trace : state.sessions[id]?.events;
}

function logsOf(state: RunState | null): Map<LogName, Log<unknown>> {
  if (state === null) return new Map();
  const sessions = Object.values(state.sessions);
  return new Map([
    ["trace", state.trace],
    ...sessions.map(({ events, id }): [LogName, Log<unknown>] => [sessionLog(id), events]),
  ]);
}

function filled(state: RunState, range: Range): RunState {
  return range.of === "trace"
    ? withTrace(state, (log) => log.fill(range.from, range.entries))
    : withEvents(state, range.id, (log) => log.fill(range.from, range.entries));
}

function released(state: RunState, name: LogName, isKept: (page: number) => boolean): RunState {
  const id = sessionOf(name);
  return id === null
    ? withTrace(state, (log) => log.release(isKept))
    : withEvents(state, id, (log) => log.release(isKept));
}
