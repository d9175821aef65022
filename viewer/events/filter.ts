import { type LoggedEvent, typeOf } from "./event-line.ts";
import { searchTextOf } from "./search-text.ts";

/** Which events somebody wants to see. */
export interface EventFilter {
  /** These types only; none of them stands for all. */
  readonly types: ReadonlySet<string>;
  readonly text: string;
  /** Signs of life among all the others. */
  readonly heartbeats: boolean;
}

export const HEARTBEAT = "node_heartbeat";

export const EVERYTHING: EventFilter = { types: new Set(), text: "", heartbeats: true };

/** Left out unless somebody asks for them: signs of life say nothing, and there are many. */
export const AT_FIRST: EventFilter = { ...EVERYTHING, heartbeats: false };

/** Does it leave out more than signs of life? Then its matches may be far apart. */
export function isNarrow(filter: EventFilter): boolean {
  return filter.types.size > 0 || wordsIn(filter).length > 0;
}

export type Verdict = "shown" | "filtered" | "heartbeat";

/** Every word must be found somewhere in the event. */
export function judge(filter: EventFilter, words: readonly string[], logged: LoggedEvent): Verdict {
  const type = typeOf(logged);
  if (filter.types.size > 0 && !filter.types.has(type)) return "filtered";
  if (words.length > 0) {
    const text = searchTextOf(logged);
    if (!words.every((word) => text.includes(word))) return "filtered";
  }
  return type === HEARTBEAT && filter.types.size === 0 && !filter.heartbeats ? "heartbeat" : "shown";
}

export function wordsIn(filter: EventFilter): readonly string[] {
  return filter.text.toLowerCase().split(/\s+/).filter(Boolean);
}
