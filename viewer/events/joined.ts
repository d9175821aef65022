import type { EventsView } from "./rows.ts";

/** All of it is compared and put together whenever something comes in. */
const MOST_ROWS = 4000;
const MOST_LINES = 20_000;

/** What was found in older lines and in newer ones that follow them, as if they had been looked at in one go. */
export function joinedViews(older: EventsView, newer: EventsView): EventsView {
  const types = new Map(older.types);
  for (const [type, count] of newer.types) types.set(type, (types.get(type) ?? 0) + count);
  const rows = [...older.rows, ...newer.rows];
  const count = older.count + newer.count;
  return {
    rows,
    count,
    types,
    hasEarlier: older.hasEarlier,
    isFull: rows.length >= MOST_ROWS || count >= MOST_LINES,
    backTo: older.backTo ?? newer.backTo,
    heartbeats: older.heartbeats + newer.heartbeats,
    otherTypes: newer.otherTypes,
    reach: older.reach,
  };
}
