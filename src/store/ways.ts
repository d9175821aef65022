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
    .filter(({ names: [first] }) => first === name || (first === ANY && !isHidden(name)))
    .map(({ source, names }) => ({ source, names: names.slice(1) }));
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
