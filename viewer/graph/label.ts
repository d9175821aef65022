/** The words beside an edge. Their width is a guess that fits every usual face, so that a layout needs no page. */

const MOST_LETTERS = 28;
const LETTER = 6.4;

export function clipLabel(label: string): string {
  const letters = Array.from(label);
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join("")}…` : label;
}

export function labelWidth(label: string): number {
  return Math.ceil(Array.from(label).length * LETTER) + 10;
}
