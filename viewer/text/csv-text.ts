import { csvFormatRows } from "d3-dsv";
import { spreadsheetText } from "../../src/protocol/spreadsheet-text.ts";

export type CsvCell = string | number | null;

/** Rows as CSV; no text in them is run as a formula. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return `${csvFormatRows(rows.map((row) => row.map(cellText)))}\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  return spreadsheetText(cell);
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
