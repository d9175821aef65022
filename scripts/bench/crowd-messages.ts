import * as v from "valibot";

/** What the bench and a process full of clients tell each other. */
export const ToCrowd = v.object({
  is: v.literal("finish"),
  /** Events that each client should have seen. */
  events: v.number(),
  withinMs: v.number(),
});
export const FromCrowd = v.variant("is", [
  v.object({ is: v.literal("ready"), bytes: v.number() }),
  v.object({
    is: v.literal("report"),
    ages: v.array(v.number()),
    bytes: v.number(),
    gaps: v.number(),
  }),
]);

export type ToCrowd = v.InferOutput<typeof ToCrowd>;
export type FromCrowd = v.InferOutput<typeof FromCrowd>;
