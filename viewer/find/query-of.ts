/** What is looked for: what was typed or pasted, on one line, without signs that control a terminal. */
export function queryOf(typed: string): string {
  return typed.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}
