import { wholeNumber } from "../ui/format.ts";

/** Small words for values that may be missing. */

/** What there is of the parts, one after the other. */
export function joined(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== "").join(" · ");
}

export function bytesText(bytes: number | null | undefined): string | null {
  if (bytes === null || bytes === undefined) return null;
  if (bytes < 10_000) return `${wholeNumber(bytes)} B`;
  return bytes < 10_000_000 ? `${wholeNumber(Math.round(bytes / 1000))} kB` : `${Math.round(bytes / 1e6)} MB`;
}

/** Text that is not to be seen is told of. */
export function visible(text: string): string {
  return text !== "" && text.trim() === "" ? "(blank)" : text;
}
