import type { RunState } from "../../src/protocol/bundle.ts";
import { asOf, type RunView, type StepsView } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import { isMoving } from "../playback/run-clock.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { type ResultFilter, wantedBy } from "./filter.ts";
import type { Order } from "./order.ts";
import { earlierRows, type ResultRow, type RowState } from "../playback/test-rows.ts";
import { SortedRows } from "./sorted-rows.ts";

/** The table of results as of a moment. */
export interface ResultsView {
  /** What the filter leaves. */
  readonly rows: readonly ResultRow[];
  /** How many test cases had begun, and how they stood. */
  readonly begun: number;
  /** Those of them that are no baseline's. */
  readonly counted: number;
  readonly counts: ReadonlyMap<RowState, number>;
  /** What there is to tell of any of them. */
  readonly has: ResultsHave;
}

export interface ResultsHave {
  readonly suites: boolean;
  readonly targets: boolean;
  readonly tokens: boolean;
  readonly cost: boolean;
  /** The most letters that any of them has in a name. */
  readonly longest: Readonly<Record<"test" | "suite" | "target", number>>;
  /** Was any test run again? */
  readonly earlier: boolean;
}

export interface Wish {
  readonly order: Order;
  readonly filter: ResultFilter;
}

const NO_PARTS = [] as const;
const NOTHING: Picture<ResultsView> = { value: null, isReady: false, parts: NO_PARTS };

/** Makes the pictures of a run one after another, each from the one before. */
export class ResultPictures {
  readonly #rows = new SortedRows();

  at({ status, steps }: RunView, { filter, order }: Wish): Picture<ResultsView> {
    if (steps.extent === "none") return NOTHING;
    const all = this.#rows.at(steps, isMoving(status), order);
    const { counted, counts, has } = lookAt(all);
    const wanted = wantedBy(filter);
    const listed = filter.allAttempts && has.earlier ? withEarlier(steps, all) : all;
    const value = {
      rows: wanted === null ? listed : listed.filter(wanted),
      begun: all.length,
      counted,
      counts,
      has,
    };
    return { value, isReady: steps.extent === "all", parts: NO_PARTS };
  }
}

export function resultsAt(run: RunState, index: RunIndex, at: number, wish: Wish): Picture<ResultsView> {
  return new ResultPictures().at(asOf(run, index, at, null), wish);
}

/** Earlier attempts stand below the newest of the same test. */
function withEarlier(steps: StepsView, rows: readonly ResultRow[]): ResultRow[] {
  return rows.flatMap((row) => (row.attempts === 1 ? row : [row, ...earlierRows(steps, row.node)]));
}

function lookAt(rows: readonly ResultRow[]): Pick<ResultsView, "counted" | "counts" | "has"> {
  const counts = new Map<RowState, number>();
  const [first] = rows;
  let counted = 0;
  let suites = false;
  let targets = false;
  let tokens = false;
  let cost = false;
  let earlier = false;
  const longest = { test: 0, suite: 0, target: 0 };
  for (const row of rows) {
    counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
    if (!row.isBaseline) counted += 1;
    suites ||= row.suite !== first?.suite;
    targets ||= row.target !== first?.target;
    longest.test = Math.max(longest.test, row.name.length);
    longest.suite = Math.max(longest.suite, row.suite?.length ?? 0);
    longest.target = Math.max(longest.target, row.target?.length ?? 0);
    tokens ||= row.tokens !== null;
    cost ||= row.costUsd !== null;
    earlier ||= row.attempts > 1;
  }
  return { counted, counts, has: { suites, targets, tokens, cost, earlier, longest } };
}
