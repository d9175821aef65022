/** What a test took, told by what it changed by: a column each, where there is something to tell. */
export const CHANGED_BY = ["durationMs", "tokens", "costUsd"] as const;
export type ChangedBy = (typeof CHANGED_BY)[number];
