import { computed } from "@preact/signals";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { isLive } from "../../src/protocol/going-on.ts";
import { runs } from "../live/state.ts";
import { now } from "../playback/now.ts";
import { wholeNumber } from "../ui/format.ts";

/** Only a silence that grows old changes it by itself. */
const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);

/** The runs that somebody may still go on with. */
export const liveRuns = computed(() =>
  Object.values(runs.value?.runsById ?? {}).filter((run) => isLive(run, minute.value)),
);

export interface LiveCount {
  /** What works, and what waits for the person. */
  readonly active: number;
  /** Sessions that have answered: nothing happens there until somebody asks. */
  readonly idle: number;
}

export function countOf(live: readonly RunSummary[]): LiveCount {
  const idle = live.filter(({ status }) => status === "idle").length;
  return { active: live.length - idle, idle };
}

export const liveCount = computed(() => countOf(liveRuns.value));

/** "2 active · 1 idle". */
export function countText({ active, idle }: LiveCount): string {
  const words = `${wholeNumber(active)} active`;
  return idle === 0 ? words : `${words} · ${wholeNumber(idle)} idle`;
}
