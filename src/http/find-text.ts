import type { ServerResponse } from "node:http";
import * as v from "valibot";
import { MOST_SEARCH_CHARS } from "../protocol/portion.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { sendOfEpoch } from "./log-parts.ts";
import { Slots } from "./slots.ts";

/** The text of a run's logs, searched a block at a time (see src/protocol/found.ts). */

const Question = v.object({
  name: v.string(),
  epoch: v.string(),
  q: v.pipe(v.string(), v.regex(/\S/u), v.regex(/^\P{Cc}*$/u), v.maxLength(MOST_SEARCH_CHARS)),
  before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
});
type Question = v.InferOutput<typeof Question>;

type FindQuery =
  | { readonly kind: "find"; readonly question: Question }
  | { readonly kind: "refused"; readonly reason: string };

export function readFindQuestion(url: string | undefined): FindQuery {
  const { searchParams } = new URL(url ?? "", "http://localhost");
  const asked = v.safeParse(Question, Object.fromEntries(searchParams));
  if (asked.success) return { kind: "find", question: asked.output };
  const isAboutText = asked.issues.some((issue) => v.getDotPath(issue) === "q");
  const reason = isAboutText
    ? `A text to find is 1 to ${MOST_SEARCH_CHARS} characters on one line.`
    : "The question for a text is malformed.";
  return { kind: "refused", reason };
}

/** Blocks that are read at a time: each keeps a processor busy for a while. */
const blocks = new Slots(2);

export function sendFound(
  response: ServerResponse,
  open: () => Promise<OpenRun | undefined>,
  { before, epoch, name, q }: Question,
): Promise<void> {
  const isWanted = () => !response.destroyed;
  return blocks.take(async () => {
    if (!isWanted()) return;
    const ask = { query: q, before: before ?? null, isWanted };
    await sendOfEpoch(response, open, epoch, (parts) => parts.find(name, ask));
  });
}
