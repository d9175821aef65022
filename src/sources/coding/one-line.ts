/** The beginning of a text as one line: what a list has room for. */
export function oneLine(text: string, most: number): string {
  // A prompt may hold a megabyte: no more of it is looked at than may be needed.
  const line = text
    .trimStart()
    .slice(0, 4 * most)
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= most ? line : `${line.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
