import type { RunSummary } from "../protocol/bundle.ts";
import type { RunsPortion } from "../protocol/portion.ts";
import { hasWords, searchWords } from "../protocol/run-words.ts";
import { groupNameOf } from "./group-runs.ts";
import type { OrderedRuns } from "./ordered-runs.ts";

export interface PortionAsk {
  readonly limit: number;
  /** The run to go on after; from the newest without. */
  readonly after: string | undefined;
  /** Words that must all be found; none finds every run. */
  readonly search: string;
  /** Only of this project; "" is of none. */
  readonly project?: string | undefined;
  /** Only of this source. */
  readonly kind?: string | undefined;
}

/** A portion of the runs that are asked for. Undefined: there is no run to go on after. */
export function portionOf(runs: OrderedRuns, ask: PortionAsk, now: number): RunsPortion | undefined {
  const { after, kind, limit, project, search } = ask;
  const last = after === undefined ? undefined : runs.get(after);
  if (after !== undefined && last === undefined) return undefined;
  const from = last === undefined ? 0 : runs.placeOf(last) + 1;
  const words = searchWords(search);
  const isAny = words.length === 0 && kind === undefined && project === undefined;
  if (isAny) return cut(runs.all.slice(from, from + limit + 1), limit, runs.size);
  const found: RunSummary[] = [];
  let total = 0;
  for (const [index, run] of runs.all.entries()) {
    if (kind !== undefined && groupNameOf(run, "kind") !== kind) continue;
    if (project !== undefined && groupNameOf(run, "project") !== project) continue;
    if (!hasWords(run, words, now)) continue;
    total += 1;
    if (index >= from && found.length <= limit) found.push(run);
  }
  return cut(found, limit, total);
}

/** One more than the limit was looked for: whether it is there says whether the list goes on. */
function cut(runs: readonly RunSummary[], limit: number, total: number): RunsPortion {
  const portion = runs.slice(0, limit);
  return { runs: portion, total, next: runs.length > limit ? (portion.at(-1)?.runId ?? null) : null };
}
