import { sep } from "node:path";
import type { Source } from "../sources/source.ts";

/** Where runs of a source may lie, as seen from a folder: the names that lead there, none if it is this folder. */
export interface Way {
  readonly source: Source;
  readonly names: readonly string[];
}

const ANY = "*";

/** The ways that patterns like "runs/*" or "." stand for. */
export function waysOf(source: Source, patterns: readonly string[]): Way[] {
  return patterns.map((pattern) => ({
    source,
    names: pattern.split("/").filter((name) => name !== "" && name !== "."),
  }));
}

/** The sources whose runs may lie in this very folder, each once, in the order of `sources`. */
export function sourcesHere(ways: readonly Way[]): Source[] {
  return [...new Set(ways.filter(({ names }) => names.length === 0).map(({ source }) => source))];
}

/** How the ways go on from the folder of this name; none: nothing is looked for there. */
export function waysFrom(ways: readonly Way[], name: string): Way[] {
  return ways
    .filter(({ names: [first] }) => first !== undefined && isMeant(first, name))
    .map(({ source, names }) => ({ source, names: names.slice(1) }));
}

/** So many names of a path must be those of a way before the path is taken to lie on it: one says too little, mostly. */
const FEWEST_NAMES = 2;

/** How the ways go on from a folder that lies on them itself, as its path tells. */
export function waysOn(ways: readonly Way[], path: string): Way[] {
  const folders = path.split(sep);
  return ways.flatMap(({ source, names }) => {
    for (let count = names.length - 1; count >= (source.fewestNames ?? FEWEST_NAMES); count -= 1) {
      const last = folders.slice(-count);
      if (last.length === count && last.every((folder, index) => isMeant(names[index] ?? "", folder)))
        return [{ source, names: names.slice(count) }];
    }
    return [];
  });
}

function isMeant(name: string, folder: string): boolean {
  return name === folder || (name === ANY && !isHidden(folder));
}

/** The folders that are named on the ways; `any`: each of the others is meant too. */
export function namesAhead(ways: readonly Way[]): {
  readonly named: readonly string[];
  readonly any: boolean;
} {
  const first = new Set(ways.flatMap(({ names }) => names.slice(0, 1)));
  const any = first.delete(ANY);
  return { named: [...first].toSorted(), any };
}

/** What a program keeps to itself: only looked into where a way names it. */
export function isHidden(name: string): boolean {
  return name.startsWith(".");
}
