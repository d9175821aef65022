import * as v from "valibot";
import { SAID_KINDS } from "./said.ts";

/**
 * The text of a log, searched backwards from its end, a block at a time:
 *
 *   GET /api/runs/<id>/find?name=<log>&epoch=<epoch>&q=<text>[&before=<line>]   Found
 *
 * Upper or lower case and the kind of white space make no difference. A text
 * that came in parts is found across them.
 */

/** A match may reach back over so many lines, its last one included. */
export const MOST_LINES_OF_MATCH = 256;

const Hit = v.object({
  /** The line at which the match is complete. */
  line: v.number(),
  /** When that line was known, ms since the epoch. */
  at: v.number(),
  kind: v.picklist(SAID_KINDS),
  /** Of an evaluation's trace: the attempt that the line is of, as outlines call it. */
  attempt: v.optional(v.string()),
  /** What stands around the match, on one line. What follows it may have been said later. */
  text: v.string(),
  /** Where in it the match begins and ends. */
  match: v.tuple([v.number(), v.number()]),
});

export const Found = v.object({
  /** Newest first, one a line at most. Of heartbeats in a row that say the same it is the first. */
  hits: v.array(Hit),
  /** The line before which to go on; null at the start of the log. */
  next: v.nullable(v.number()),
  /** What has yet to be searched was known by this time. */
  at: v.number(),
});

export type Hit = v.InferOutput<typeof Hit>;
export type Found = v.InferOutput<typeof Found>;
