import { computed, signal } from "@preact/signals";
import type { RunsState } from "../../src/protocol/bundle.ts";
import { connect } from "./connection.ts";
import { type Link, type LinkState, startLink } from "./reconnect.ts";
import { type OpenRun, Subscription } from "./subscription.ts";

/** What the page knows of the server. Views read these and nothing else of this folder. */

const runsSignal = signal<RunsState | null>(null);
const runSignal = signal<OpenRun>({ kind: "none" });
const linkSignal = signal<LinkState>({ kind: "connecting", attempt: 0 });
const resyncSignal = signal(0);

export const runs = computed(() => runsSignal.value);
export const run = computed(() => runSignal.value);
export const link = computed(() => linkSignal.value);
/** How often a patch did not fit since the page was opened. */
export const resyncs = computed(() => resyncSignal.value);

let live: { readonly link: Link; readonly subscription: Subscription } | null = null;

export function startLive(): void {
  const subscription = new Subscription({
    send: (message) => live?.link.send(message),
    runs: (next) => {
      runsSignal.value = next;
    },
    run: (next) => {
      runSignal.value = next;
    },
    resynced: () => {
      resyncSignal.value += 1;
    },
  });
  const started = startLink(
    connect,
    {
      now: () => performance.now() + performance.timeOrigin,
      random: Math.random,
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    },
    {
      state: (next) => {
        linkSignal.value = next;
      },
      opened: () => subscription.opened(),
      message: (message) => subscription.receive(message),
    },
  );
  live = { link: started, subscription };
  window.addEventListener("online", () => started.wake());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) started.wake();
  });
}

export function wantRun(runId: string | null): void {
  live?.subscription.want(runId);
}

export function retryNow(): void {
  live?.link.wake();
}
