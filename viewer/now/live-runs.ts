import { computed } from "@preact/signals";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { isActive, isLive } from "../../src/protocol/going-on.ts";
import { runs } from "../live/state.ts";
import { minute } from "../playback/now.ts";
import { wholeNumber } from "../ui/format.ts";

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

export function countOf(live: readonly RunSummary[], at: number): LiveCount {
  const active = live.filter((run) => isActive(run, at)).length;
  return { active, idle: live.length - active };
}

export const liveCount = computed(() => countOf(liveRuns.value, minute.value));

/** "2 active · 1 idle". */
export function countText({ active, idle }: LiveCount): string {
  const words = `${wholeNumber(active)} active`;
  return idle === 0 ? words : `${words} · ${wholeNumber(idle)} idle`;
}
