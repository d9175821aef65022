import type { ServerResponse } from "node:http";
import * as v from "valibot";
import type { Found } from "../protocol/found.ts";
import type { LogName } from "../protocol/log-ranges.ts";
import { MOST_SEARCH_CHARS } from "../protocol/portion.ts";
import type { FindAsk, LogParts } from "../sources/source.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { sendOfEpoch } from "./log-parts.ts";
import { Slots } from "../slots.ts";

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
    await sendOfEpoch(response, open, epoch, async (parts) => {
      const found = await findSoon(parts, name, { query: q, before: before ?? null, isWanted });
      return found === undefined ? undefined : JSON.stringify(found);
    });
  });
}

/** While nothing is found, an answer goes on for this long: a question a block would take longer than the search. */
const GO_ON_MS = 150;

async function findSoon(parts: LogParts, name: LogName, ask: FindAsk): Promise<Found | undefined> {
  const end = performance.now() + GO_ON_MS;
  let found = await parts.find(name, ask);
  while (found !== undefined && found.hits.length === 0 && found.next !== null && performance.now() < end)
    found = await parts.find(name, { ...ask, before: found.next });
  return found;
}
