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
  return filter.types.size > 0 || phraseOf(filter) !== "";
}

export type Verdict = "shown" | "filtered" | "heartbeat";

/** `phrase`: what `phraseOf` makes of the filter's text. `more`: what is shown of it that it does not say itself. */
export function judge(filter: EventFilter, phrase: string, logged: LoggedEvent, more = ""): Verdict {
  const type = typeOf(logged);
  if (filter.types.size > 0 && !filter.types.has(type)) return "filtered";
  const isSaid = () => searchTextOf(logged).includes(phrase) || more.toLowerCase().includes(phrase);
  if (phrase !== "" && !isSaid()) return "filtered";
  return type === HEARTBEAT && filter.types.size === 0 && !filter.heartbeats ? "heartbeat" : "shown";
}

/** What must be found in an event, in small letters; nothing where nothing was typed. */
export function phraseOf(filter: EventFilter): string {
  return filter.text.trim().toLowerCase();
}
