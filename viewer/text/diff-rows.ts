import { diffLines } from "diff";
import type { DiffRow } from "./diff-row.ts";

/** Who changed more than this is shown both texts instead: what is left in common would tell nothing. */
const MOST_EDITS = 1000;

/** What changed from one text to the other, line by line; null where they differ too much to be compared. */
export function diffRows(oldText: string, newText: string): readonly DiffRow[] | null {
  const changes = diffLines(ended(oldText), ended(newText), { maxEditLength: MOST_EDITS });
  if (changes === undefined) return null;
  const rows: DiffRow[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (const { added, removed, value } of changes)
    for (const text of value.replace(/\n$/, "").split("\n"))
      if (added) rows.push({ kind: "added", text, newLine: newLine++ });
      else if (removed) rows.push({ kind: "removed", text, oldLine: oldLine++ });
      else rows.push({ kind: "same", text, oldLine: oldLine++, newLine: newLine++ });
  return rows;
}

/** Whether the last line is ended is no difference that anybody looks for. */
function ended(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
}
