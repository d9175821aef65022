import * as v from "valibot";

/** What the list of runs can be grouped by, besides their days. */
export const GROUPED_BY = ["project", "kind"] as const;
export type GroupedBy = (typeof GROUPED_BY)[number];

/** So many groups are told of, those with the newest runs. */
export const MOST_GROUPS = 500;

const RunGroup = v.object({
  /** The project's folder, "" of runs that tell none; or the `source` of its runs. */
  name: v.string(),
  count: v.number(),
  /** Those of them that are going on. */
  active: v.number(),
  /** When its newest run began. */
  newest: v.string(),
  /** US dollars; null where no price is known of any of it. */
  costUsd: v.nullable(v.number()),
  unpricedTokens: v.number(),
});
export type RunGroup = v.InferOutput<typeof RunGroup>;

/** The groups of all runs that were asked for, that with the newest run first: `GET /api/runs/groups?by=…`. */
export const RunGroups = v.object({
  groups: v.array(RunGroup),
  /** How many groups there are. */
  total: v.number(),
  /** How many runs there are in them. */
  runs: v.number(),
});
export type RunGroups = v.InferOutput<typeof RunGroups>;
