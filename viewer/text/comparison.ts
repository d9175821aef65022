import { type DiffRow, type DiffStat, rowsOf, statOf } from "./diff-row.ts";
import { lazyPart } from "./lazy-part.ts";

/** Two texts that are compared. The same object stands for the same texts for ever. */
export interface Change {
  /** Null for a file that is new. */
  readonly oldText: string | null;
  readonly newText: string;
}

interface Comparison {
  readonly rows: readonly DiffRow[];
  /** Null where the texts differ too much to be compared, so that both are drawn. */
  readonly stat: DiffStat | null;
}

/** Texts of more than this together are not compared. */
const MOST_LETTERS = 400_000;

const comparing = lazyPart(() => import("./diff-rows.ts"));
const known = new WeakMap<Change, Comparison>();

/** Null until the part that compares has been loaded; who asks while drawing is drawn again then. */
export function compare(change: Change): Comparison | null {
  const before = known.get(change);
  if (before !== undefined) return before;
  const { newText, oldText } = change;
  const found = oldText === null || oldText === "" ? whole(change) : compared(oldText, newText);
  if (found !== null) known.set(change, found);
  return found;
}

function whole({ newText }: Change): Comparison {
  const rows = rowsOf("added", newText);
  return { rows, stat: statOf(rows) };
}

function compared(oldText: string, newText: string): Comparison | null {
  const both = { rows: [...rowsOf("removed", oldText), ...rowsOf("added", newText)], stat: null };
  if (oldText.length + newText.length > MOST_LETTERS) return both;
  const part = comparing.read();
  if (part === null) return comparing.isSettled() ? both : null;
  const rows = part.diffRows(oldText, newText);
  return rows === null ? both : { rows, stat: statOf(rows) };
}
