import type { Part } from "../live/part.ts";

/**
 * What there is to draw of a moment. It follows from the run and the moment
 * alone, whatever happens to be held: where a part it rests on is not there yet,
 * it is not ready, and `value` is null or what can be said meanwhile.
 */
export interface Picture<Value> {
  readonly value: Value | null;
  readonly isReady: boolean;
  readonly parts: readonly Part[];
}
