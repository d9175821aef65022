import type { Column } from "./order.ts";
import type { ResultsHave } from "./picture.ts";

/** Rows are all as high as each other; the stylesheet draws them so. */
const ROW_PX = 33;
const TIGHT_ROW_PX = 46;

/** What a column needs; the stylesheet gives each figure as much, and the rest to the names. */
const WIDTHS = { state: 40, test: 180, suite: 120, target: 120, score: 74, time: 84, tokens: 84, cost: 88 };
/** Of what there is no room for, the last of these is left out first. */
const BY_WORTH = ["target", "suite", "cost", "tokens"] as const;

export interface Layout {
  readonly columns: readonly Column[];
  /** How wide the columns of suite and target are, px. */
  readonly textWidth: number;
  readonly rowHeight: number;
  /** Where suite and target have no columns of their own, they stand below a test's name. */
  readonly isTight: boolean;
}

/** The columns that there is something to tell in, as far as there is room. */
export function layoutFor(width: number, has: ResultsHave): Layout {
  let room = width - WIDTHS.state - WIDTHS.test - WIDTHS.score - WIDTHS.time;
  const fitting = new Set<Column>();
  for (const column of BY_WORTH) {
    if (!hasColumn(column, has)) continue;
    room -= WIDTHS[column];
    if (room < 0) break;
    fitting.add(column);
  }
  const isTight =
    (has.suites && !fitting.has("suite")) || (has.targets && !fitting.has("target")) || width < NARROW_PX;
  const columns: (Column | false)[] = [
    "state",
    "test",
    !isTight && fitting.has("suite") && "suite",
    !isTight && fitting.has("target") && "target",
    "score",
    "time",
    fitting.has("tokens") && "tokens",
    fitting.has("cost") && "cost",
  ];
  return {
    columns: columns.filter((column) => column !== false),
    textWidth: Math.max(WIDTHS.target, Math.round(width * TEXT_SHARE)),
    rowHeight: isTight ? TIGHT_ROW_PX : ROW_PX,
    isTight,
  };
}

const TEXT_SHARE = 0.17;
/** Narrower than this an error has no room beside a test's name. */
const NARROW_PX = 480;

function hasColumn(column: (typeof BY_WORTH)[number], has: ResultsHave): boolean {
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
