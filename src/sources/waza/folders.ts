import { basename, dirname, join } from "node:path";

/**
 * Where the files of a run lie, by the folder of its log. What always holds: above that folder it is
 * only looked in one in which runs are looked for anyway.
 *
 * `shelves` are these: real paths.
 */
type Shelves = ReadonlySet<string>;

/** Where the results of a log in `dir` may lie, the nearest first. */
export function resultFolders(dir: string, shelves: Shelves): string[] {
  return [dir, join(dir, "results"), ...above(dir, shelves)];
}

/** Where the transcripts of a log in `dir` may lie. */
export function transcriptFolders(dir: string, shelves: Shelves): string[] {
  return [dir, join(dir, "transcripts"), ...above(dir, shelves).map((each) => join(each, "transcripts"))];
}

/** The other folders whose logs look for their results in `dir`. */
export function logFolders(dir: string, shelves: Shelves): string[] {
  const before = basename(dir) === "results" ? above(dir, shelves) : [];
  return [...before, ...[...shelves].filter((each) => each !== dir && dirname(each) === dir)];
}

function above(dir: string, shelves: Shelves): string[] {
  const parent = dirname(dir);
  return parent !== dir && shelves.has(parent) ? [parent] : [];
}
