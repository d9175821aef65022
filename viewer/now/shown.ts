import { batch, computed, effect, signal } from "@preact/signals";
import type { Burn, LiveStats } from "../../src/protocol/now.ts";
import { askServer } from "../live/ask-server.ts";
import { NowFeed, type NowWay } from "../live/now-feed.ts";
import { openNowStream } from "../live/now-stream.ts";
import { type Line, withRecords } from "./lines.ts";

/** What is shown of what happens now. It lasts when the page is left, and is made up to date when it is back. */

const waySignal = signal<NowWay>("connecting");
const statsSignal = signal<LiveStats | null>(null);
const burnSignal = signal<Burn | null>(null);
const linesSignal = signal<readonly Line[]>([]);
/** Have the last records been told once? */
const heardSignal = signal(false);
const hidden = signal(document.hidden);

export const way = computed(() => waySignal.value);
export const stats = computed(() => statsSignal.value);
export const burn = computed(() => burnSignal.value);
export const lines = computed(() => linesSignal.value);
export const hasLines = computed(() => heardSignal.value);

/** The zone that days are cut in: this browser's. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Follows it while it is looked at; gives what ends that. */
export function followNow(): () => void {
  const seen = () => {
    hidden.value = document.hidden;
  };
  seen();
  document.addEventListener("visibilitychange", seen);
  const stop = effect(() => {
    if (hidden.value) return undefined;
    const feed = startFeed();
    return () => feed.end();
  });
  return () => {
    stop();
    document.removeEventListener("visibilitychange", seen);
  };
}

function startFeed(): NowFeed {
  return new NowFeed(
    {
      ask: askServer,
      open: openNowStream,
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      zone,
    },
    {
      way: (next) => {
        waySignal.value = next;
      },
      records: (records) =>
        batch(() => {
          linesSignal.value = withRecords(linesSignal.peek(), records);
          heardSignal.value = true;
        }),
      burn: (next) => {
        burnSignal.value = next;
      },
      stats: (next) =>
        batch(() => {
          statsSignal.value = next;
          burnSignal.value = next.burn;
        }),
    },
  );
}
