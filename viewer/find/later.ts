/**
 * What of a thing that was found lies after the playhead: all of it, or how it
 * ended. Find tells both, and as such. `endedAt` is null where nothing ended.
 */
export function laterWords(startedAt: number, endedAt: number | null, playhead: number): string {
  if (startedAt > playhead) return "later";
  return endedAt !== null && endedAt > playhead ? "ended later" : "";
}
