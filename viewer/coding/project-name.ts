/** A folder as a reader calls it: the last part of its path. */
export function projectName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}
