import * as v from "valibot";

/** The line with which every server of the bench, Runreel included, says that it can be connected to. */
export const ReadyLine = v.looseObject({
  event: v.literal("ready"),
  url: v.pipe(v.string(), v.url()),
});
