import * as v from "valibot";
import { MOST_IN_PORTION, MOST_SEARCH_CHARS, USUAL_PORTION } from "../protocol/portion.ts";
import { GROUPED_BY } from "../protocol/run-groups.ts";
import type { GroupsAsk } from "../store/group-runs.ts";
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
  const [limit, after, q, project, kind] = ["limit", "after", "q", "project", "kind"].map((name) =>
    query.get(name),
  );
  if ([limit, after, q, project, kind].every((said) => said == null)) return { kind: "all" };
  const parsed = v.safeParse(Limit, limit ?? String(USUAL_PORTION));
  if (!parsed.success) return refuse(`A limit is a number from 1 to ${MOST_IN_PORTION}.`);
  if ((q ?? "").length > MOST_SEARCH_CHARS) {
    return refuse(`At most ${MOST_SEARCH_CHARS} characters can be searched for.`);
  }
  const of = { project: project ?? undefined, kind: kind ?? undefined };
  return {
    kind: "portion",
    ask: { limit: parsed.output, after: after ?? undefined, search: q ?? "", ...of },
  };
}

export type GroupsQuery =
  | { readonly kind: "groups"; readonly ask: GroupsAsk }
  | { readonly kind: "refused"; readonly reason: string }
  /** Groups were not asked for: there may be a run of that name. */
  | { readonly kind: "other" };

/** What `GET /api/runs/groups` is asked for. */
export function readGroupsQuery(url: string | undefined): GroupsQuery {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url ?? "")?.[1]);
  const [said, search] = [query.get("by"), query.get("q") ?? ""];
  if (said === null) return { kind: "other" };
  const by = GROUPED_BY.find((name) => name === said);
  if (by === undefined) return refuse(`Runs are grouped by ${GROUPED_BY.join(" or ")}.`);
  if (search.length > MOST_SEARCH_CHARS)
    return refuse(`At most ${MOST_SEARCH_CHARS} characters can be searched for.`);
  return { kind: "groups", ask: { by, search } };
}

function refuse(reason: string): { readonly kind: "refused"; readonly reason: string } {
  return { kind: "refused", reason };
}
