/** What a spreadsheet takes for the beginning of a formula, also in wide letters, and also after a space. */
const FORMULA = /^[\s\u00a0]*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * A text for a cell of a CSV file. Texts are an agent's or a producer's: one that a spreadsheet would
 * run as a formula is led by an apostrophe, which makes it a text there.
 */
export function spreadsheetText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
