import type { ResultRow, RowState } from "../playback/test-rows.ts";

/** In which order the tests stand: by a column, one way or the other. */

export const COLUMNS = ["state", "test", "suite", "target", "score", "time", "tokens", "cost"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly by: Column;
  readonly isDown: boolean;
}

/** What needs a look first. */
const RANKS: Readonly<Record<RowState, number>> = {
  failed: 0,
  error: 1,
  running: 2,
  unfinished: 3,
  untold: 4,
  passed: 5,
  skipped: 6,
};

export const AT_FIRST: Order = { by: "state", isDown: false };

/** Of these the greatest is what somebody looks for; of a score the least. */
const DOWN_FIRST: ReadonlySet<Column> = new Set(["time", "tokens", "cost"]);

/** The order after a column's head was pressed: by it, or if it was that already, the other way. */
export function pressed(order: Order, by: Column): Order {
  return order.by === by ? { by, isDown: !order.isDown } : { by, isDown: DOWN_FIRST.has(by) };
}

/** As it is remembered: "score", or "-score" for down. */
export function writeOrder({ by, isDown }: Order): string {
  return isDown ? `-${by}` : by;
}

export function readOrder(text: string | null): Order {
  const isDown = text?.startsWith("-") === true;
  const by = COLUMNS.find((column) => column === (isDown ? text?.slice(1) : text));
  return by === undefined ? AT_FIRST : { by, isDown };
}

type Comparison = (left: ResultRow, right: ResultRow) => number;

/** What has no figure stands last, whichever way; what is alike as it was begun. No two rows are the same to it. */
export function comparison({ by, isDown }: Order): Comparison {
  const sign = isDown ? -1 : 1;
  const compare = comparisonBy(by, sign);
  return (left, right) => compare(left, right) || left.first - right.first;
}

function comparisonBy(by: Column, sign: number): Comparison {
  switch (by) {
    case "state":
      return (left, right) => sign * (RANKS[left.state] - RANKS[right.state]);
    case "test":
      return texts(sign, (row) => row.name);
    case "suite":
      return texts(sign, (row) => row.suite);
    case "target":
      return texts(sign, (row) => row.target);
    case "score":
      return figures(sign, (row) => row.score);
    case "time":
      return figures(sign, (row) => row.durationMs);
    case "tokens":
      return figures(sign, (row) => row.tokens);
    case "cost":
      return figures(sign, (row) => row.costUsd);
  }
}

function figures(sign: number, figureOf: (row: ResultRow) => number | null): Comparison {
  return (left, right) => {
    const a = figureOf(left);
    const b = figureOf(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b);
  };
}

/** "t2" comes before "t10". */
const collator = new Intl.Collator("en", { numeric: true });

function texts(sign: number, textOf: (row: ResultRow) => string | null): Comparison {
  return (left, right) => {
    const a = textOf(left);
    const b = textOf(right);
    if (a === b) return 0;
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * collator.compare(a, b);
  };
}
