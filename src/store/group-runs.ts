import type { RunSummary } from "../protocol/bundle.ts";
import { isActive } from "../protocol/going-on.ts";
import { type GroupedBy, MOST_GROUPS, type RunGroup, type RunGroups } from "../protocol/run-groups.ts";
import { hasWords, searchWords } from "../protocol/run-words.ts";

export interface GroupsAsk {
  readonly by: GroupedBy;
  /** As of a portion. */
  readonly search: string;
}

type Growing = { -readonly [Member in keyof RunGroup]: RunGroup[Member] };

/** In one pass over the runs, which are in order: the newest first. */
export function groupsOf(runs: readonly RunSummary[], { by, search }: GroupsAsk, now: number): RunGroups {
  const words = searchWords(search);
  const groups = new Map<string, Growing>();
  let count = 0;
  for (const run of runs) {
    if (!hasWords(run, words, now)) continue;
    count += 1;
    const name = groupNameOf(run, by);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, addTo(emptyGroup(name, run.startedAt), run, now));
    else addTo(group, run, now);
  }
  return { groups: [...groups.values()].slice(0, MOST_GROUPS), total: groups.size, runs: count };
}

/** Under which of the groups a run is. */
export function groupNameOf({ project = "", source }: RunSummary, by: GroupedBy): string {
  return by === "kind" ? source : project;
}

function emptyGroup(name: string, newest: string): Growing {
  return { name, count: 0, active: 0, newest, costUsd: null, unpricedTokens: 0 };
}

function addTo(group: Growing, run: RunSummary, now: number): Growing {
  group.count += 1;
  if (isActive(run, now)) group.active += 1;
  const { costUsd = null, unpricedTokens = 0 } = run.usage ?? {};
  if (costUsd !== null) group.costUsd = (group.costUsd ?? 0) + costUsd;
  group.unpricedTokens += unpricedTokens;
  return group;
}
