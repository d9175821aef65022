import type { Column } from "./order.ts";
import type { ResultsHave } from "./picture.ts";

/** Rows are all as high as each other; the stylesheet draws them so. */
const ROW_PX = 33;
const TIGHT_ROW_PX = 46;

/**
 * What a column needs at least; the stylesheet gives each figure as much, and the rest to the names.
 * A test's name gives up what it does not need before a column is left out.
 */
const WIDTHS = { state: 40, test: 140, suite: 100, target: 100, score: 74, time: 84, tokens: 84, cost: 88 };
const ALWAYS = ["state", "test", "score", "time"] as const;
const TEXTS = ["suite", "target"] as const;
const FIGURES = ["tokens", "cost"] as const;
/** Of figures that there is no room for, the last of these is left out first. */
const FIGURES_BY_WORTH = ["cost", "tokens"] as const;

export interface Layout {
  readonly columns: readonly Column[];
  /** What there is to tell and no room for. */
  readonly left: readonly Column[];
  /** Narrower than this the table never is; what does not fit is a way sideways. */
  readonly minWidth: number;
  /** How wide the columns of suite and target are, px. */
  readonly textWidth: number;
  readonly rowHeight: number;
  /** Where suite and target have no columns of their own, they stand below a test's name. */
  readonly isTight: boolean;
}

/** The columns that there is something to tell in, as far as there is room; or `all` of them, wherever they end. */
export function layoutFor(width: number, has: ResultsHave, all: boolean): Layout {
  const names = TEXTS.filter((column) => hasColumn(column, has));
  const isTight = width < NARROW_PX || width < leastOf([...ALWAYS, ...names]);
  const texts = isTight ? [] : names;
  const figures = FIGURES_BY_WORTH.filter((column) => hasColumn(column, has));
  const fitting = new Set<Column>();
  for (const column of figures) {
    if (width < NARROW_PX || width < leastOf([...ALWAYS, ...texts, ...fitting, column])) break;
    fitting.add(column);
  }
  const columns: Column[] = [
    "state",
    "test",
    ...texts,
    "score",
    "time",
    ...FIGURES.filter((column) => fitting.has(column) || (all && hasColumn(column, has))),
  ];
  const left = FIGURES.filter((column) => hasColumn(column, has) && !fitting.has(column));
  const least = leastOf(columns);
  const wish = width * TEXT_SHARE - WIDTHS.target;
  return {
    columns,
    left,
    minWidth: all && left.length > 0 ? least : 0,
    textWidth: WIDTHS.target + Math.max(0, Math.round(Math.min(wish, (width - least) / 3))),
    rowHeight: isTight ? TIGHT_ROW_PX : ROW_PX,
    isTight,
  };
}

/** What suite and target each take of a table that is wide enough for it. */
const TEXT_SHARE = 0.17;
/** Narrower than this an error has no room beside a test's name. */
const NARROW_PX = 480;

function leastOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + WIDTHS[column], 0);
}

function hasColumn(column: "suite" | "target" | "tokens" | "cost", has: ResultsHave): boolean {
  switch (column) {
    case "target":
      return has.targets;
    case "suite":
      return has.suites;
    case "cost":
      return has.cost;
    case "tokens":
      return has.tokens;
  }
}
