import { csvFormatRows } from "d3-dsv";

export type CsvCell = string | number | null;

/** What a spreadsheet takes for the beginning of a formula, also in wide letters, and also after a space. */
const FORMULA = /^[\s\u00a0]*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * Rows as CSV. Texts are an agent's or a producer's: one that a spreadsheet would
 * run as a formula is led by an apostrophe, which makes it a text there.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return `${csvFormatRows(rows.map((row) => row.map(cellText)))}\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** A name for a file that every system takes. */
export function csvName(parts: readonly string[]): string {
  const name = parts
    .filter((part) => part !== "")
    .join("-")
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 120);
  return `${name === "" ? "results" : name}.csv`;
}
