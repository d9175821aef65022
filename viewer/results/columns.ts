import type { Column } from "./order.ts";
import type { ResultsHave } from "./picture.ts";

/** Narrower than this the figures that matter less are left out, and what is said of a test stands below its name. */
const TIGHT_PX = 540;
const ROOMY_PX = 680;

/** Rows are all as high as each other; the stylesheet draws them so. */
export const ROW_PX = 33;
export const TIGHT_ROW_PX = 46;

export function isTight(width: number): boolean {
  return width < TIGHT_PX;
}

/** The columns that there is room for, and something to tell in. */
export function columnsFor(width: number, has: ResultsHave): readonly Column[] {
  const isWide = !isTight(width);
  const columns: (Column | false)[] = [
    "state",
    "test",
    isWide && has.suites && "suite",
    isWide && has.targets && "target",
    "score",
    "time",
    width >= ROOMY_PX && has.tokens && "tokens",
    isWide && has.cost && "cost",
  ];
  return columns.filter((column) => column !== false);
}
