import * as v from "valibot";

/** How much of a plan's allowance was used up, as the producer says it. */
export const PlanLimit = v.object({
  /** "primary", "secondary": the producer's word. */
  name: v.string(),
  /** 0 to 100. */
  usedPercent: v.number(),
  windowMinutes: v.nullable(v.number()),
  /** Ms since the epoch. */
  resetsAt: v.nullable(v.number()),
  /** When it was told, ms since the epoch. */
  at: v.number(),
});
export type PlanLimit = v.InferOutput<typeof PlanLimit>;
