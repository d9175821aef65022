import type { Column } from "./order.ts";
import type { ResultsHave } from "./picture.ts";

/** Rows are all as high as each other; the stylesheet draws them so. */
const ROW_PX = 33;
const TIGHT_ROW_PX = 46;

/** What a figure needs; the stylesheet gives it as much. */
const WIDTHS = { state: 40, score: 74, time: 84, tokens: 84, cost: 88 };
/** What a text gets at least of what it needs. A name gives up what it does not need before a column is left out. */
const TEXT_WIDTHS = { test: [120, 170], suite: [72, 120], target: [72, 120] } as const;
/** Of a text: a letter on average, and the room around. */
const LETTER_PX = 7;
const AROUND_PX = 22;
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
  /** How wide the columns of suite and target are, px; a test's name has the rest. */
  readonly suiteWidth: number;
  readonly targetWidth: number;
  readonly rowHeight: number;
  /** Where suite and target have no columns of their own, they stand below a test's name. */
  readonly isTight: boolean;
}

/** The columns that there is something to tell in, as far as there is room; or `all` of them, wherever they end. */
export function layoutFor(width: number, has: ResultsHave, all: boolean): Layout {
  const names = TEXTS.filter((column) => hasColumn(column, has));
  const isTight = width < NARROW_PX || width < leastOf([...ALWAYS, ...names], has);
  const texts = isTight ? [] : names;
  const figures = FIGURES_BY_WORTH.filter((column) => hasColumn(column, has));
  const fitting = new Set<Column>();
  for (const column of figures) {
    if (width < leastOf([...ALWAYS, ...texts, ...fitting, column], has)) break;
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
  const least = leastOf(columns, has);
  const widthOf = (column: "suite" | "target") => {
    const wish = Math.min(needOf(column, has), width * TEXT_SHARE) - leastFor(column, has);
    return leastFor(column, has) + Math.max(0, Math.round(Math.min(wish, (width - least) / 3)));
  };
  return {
    columns,
    left,
    minWidth: all && left.length > 0 ? least : 0,
    suiteWidth: widthOf("suite"),
    targetWidth: widthOf("target"),
    rowHeight: isTight ? TIGHT_ROW_PX : ROW_PX,
    isTight,
  };
}

/** What suite and target each take at most of a wide table. */
const TEXT_SHARE = 0.17;
/** Narrower than this an error has no room beside a test's name. */
const NARROW_PX = 480;

function leastOf(columns: readonly Column[], has: ResultsHave): number {
  return columns.reduce((sum, column) => sum + leastFor(column, has), 0);
}

function leastFor(column: Column, has: ResultsHave): number {
  switch (column) {
    case "test":
    case "suite":
    case "target": {
      const [least, most] = TEXT_WIDTHS[column];
      return Math.min(Math.max(needOf(column, has), least), most);
    }
    default:
      return WIDTHS[column];
  }
}

function needOf(column: "test" | "suite" | "target", { longest }: ResultsHave): number {
  return longest[column] * LETTER_PX + AROUND_PX;
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
