import * as v from "valibot";
import { MOST_IN_PORTION, MOST_SEARCH_CHARS, USUAL_PORTION } from "../protocol/portion.ts";
import type { PortionAsk } from "../store/run-search.ts";

const Limit = v.pipe(
  v.string(),
  v.regex(/^\d{1,6}$/),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(MOST_IN_PORTION),
);

export type RunsQuery =
  /** Nothing was said: all runs, as acpx's clients ask for them. */
  | { readonly kind: "all" }
  | { readonly kind: "portion"; readonly ask: PortionAsk }
  | { readonly kind: "refused"; readonly reason: string };

/** What `GET /api/runs` is asked for. */
export function readRunsQuery(url: string | undefined): RunsQuery {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url ?? "")?.[1]);
  const [limit, after, q] = ["limit", "after", "q"].map((name) => query.get(name));
  if (limit == null && after == null && q == null) return { kind: "all" };
  const parsed = v.safeParse(Limit, limit ?? String(USUAL_PORTION));
  if (!parsed.success) return refuse(`A limit is a number from 1 to ${MOST_IN_PORTION}.`);
  if ((q ?? "").length > MOST_SEARCH_CHARS) {
    return refuse(`At most ${MOST_SEARCH_CHARS} characters can be searched for.`);
  }
  return { kind: "portion", ask: { limit: parsed.output, after: after ?? undefined, search: q ?? "" } };
}

function refuse(reason: string): RunsQuery {
  return { kind: "refused", reason };
}
