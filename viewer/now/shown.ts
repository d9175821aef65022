import { batch, computed, effect, signal } from "@preact/signals";
import type { Burn, LiveStats, NowRecord } from "../../src/protocol/now.ts";
import { askServer } from "../live/ask-server.ts";
import { NowFeed, type NowWay } from "../live/now-feed.ts";
import { openNowStream } from "../live/now-stream.ts";
import { afterGap, type Line, withEnds, withRecords } from "./lines.ts";

/** What is shown of what happens now. It lasts when the page is left, and is made up to date when it is back. */

const waySignal = signal<NowWay>("connecting");
const statsSignal = signal<LiveStats | null>(null);
const burnSignal = signal<Burn | null>(null);
const linesSignal = signal<readonly Line[]>([]);
/** What stands still, while it does. */
const heldSignal = signal<readonly Line[] | null>(null);
/** Have the last records been told once? */
const heardSignal = signal(false);
const hidden = signal(document.hidden);

export const way = computed(() => waySignal.value);
export const stats = computed(() => statsSignal.value);
export const burn = computed(() => burnSignal.value);
export const lines = computed(() => linesSignal.value);
export const held = computed(() => heldSignal.value);
export const hasLines = computed(() => heardSignal.value);

/** Has the lines stand still, from the first that there are; or go on. */
export function holdLines(isHeld: boolean): void {
  if (!isHeld) heldSignal.value = null;
  else if (heldSignal.peek() === null && lines.value.length > 0) heldSignal.value = lines.value;
}

/** This browser's. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zoneSignal = signal(ownZone);
/** The zone that days are cut in: this browser's, if the server knows it. */
export const zone = computed(() => zoneSignal.value);

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
      zone: zoneSignal.peek(),
    },
    {
      way: (next) => {
        waySignal.value = next;
      },
      otherZone: (next) => {
        zoneSignal.value = next;
      },
      records: (records) => told(records, withRecords),
      anew: (records) => told(records, afterGap),
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

function told(records: readonly NowRecord[], merge: typeof withRecords): void {
  batch(() => {
    linesSignal.value = merge(linesSignal.peek(), records);
    // Those that have left the others meanwhile stand there to be read, too.
    if (heldSignal.peek() !== null) heldSignal.value = withEnds(heldSignal.peek() ?? [], records);
    heardSignal.value = true;
  });
}
