import type { ResultRow, RowState } from "../playback/test-rows.ts";

/** Which tests somebody wants to see. */
export interface ResultFilter {
  /** These states only; none of them stands for all. */
  readonly states: ReadonlySet<RowState>;
  readonly text: string;
  /** The earlier attempts at a test, too. */
  readonly allAttempts: boolean;
}

export const EVERY_TEST: ResultFilter = { states: new Set(), text: "", allAttempts: false };

export function isNarrowed({ states, text }: ResultFilter): boolean {
  return states.size > 0 || text.trim() !== "";
}

/** Tells of a row whether it is wanted; null where all are. */
export function wantedBy(filter: ResultFilter): ((row: ResultRow) => boolean) | null {
  if (!isNarrowed(filter)) return null;
  const { states } = filter;
  const phrase = filter.text.trim().toLowerCase();
  const says = (text: string | null) => text?.toLowerCase().includes(phrase) === true;
  return (row) =>
    (states.size === 0 || states.has(row.state)) &&
    (phrase === "" || says(row.name) || says(row.suite) || says(row.target) || says(row.error));
}
