import * as v from "valibot";
import type { RunSummary } from "./bundle.ts";

/** The most runs one portion may hold, and what is given to who names no number. */
export const MOST_IN_PORTION = 500;
export const USUAL_PORTION = 200;
/** The longest text that is searched for. */
export const MOST_SEARCH_CHARS = 200;

/**
 * A part of the list of runs, newest first, as `GET /api/runs?limit=…` gives it.
 * The lines themselves are not checked again on the page (see `ServerMessage`).
 */
export const RunsPortion = v.object({
  runs: v.array(v.custom<RunSummary>((run) => typeof run === "object" && run !== null && "runId" in run)),
  /** How many there are in all, of those that were asked for. */
  total: v.number(),
  /** After which run to go on; null at the end. */
  next: v.nullable(v.string()),
});
export type RunsPortion = v.InferOutput<typeof RunsPortion>;
