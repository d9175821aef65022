import type { Dirent } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Place, Source } from "../sources/source.ts";
import { inParallel } from "./in-parallel.ts";
import type { Root } from "./roots.ts";
import { type Way, waysOf, waysOn } from "./ways.ts";

const CONCURRENCY = 32;
/** Of thousands that were copied a minute ago the list tells in its turn. */
const MOST = 256;

interface Written {
  readonly source: Source;
  readonly place: Place;
  readonly modifiedAt: number;
}

/**
 * Has the sources look at their files that were written since a moment, the newest first, told by their times
 * alone. To list thousands of runs takes a while; what happens now is found ahead of it. A folder or a file that
 * cannot be read hinders nothing: it is told, and the list tells of it in its turn.
 */
export async function lookAtLatelyWritten(
  roots: readonly Root[],
  sources: readonly Source[],
  since: number,
  onError: (error: unknown) => void,
): Promise<void> {
  const written = new Map<Place, Written>();
  for (const { dir, sources: types } of roots) {
    const root = await realpath(dir).catch(() => null);
    if (root === null) continue;
    const meant = sources.filter(
      ({ type, isCounted }) => isCounted === true && (types?.includes(type) ?? true),
    );
    const ways = meant.flatMap((source) => waysOf(source, [".", ...source.below]));
    for (const way of [...ways, ...waysOn(ways, resolve(dir))])
      await walk(root, way, since, written).catch(onError);
  }
  const newest = [...written.values()].toSorted((left, right) => right.modifiedAt - left.modifiedAt);
  for (const { place, source } of newest.slice(0, MOST)) await source.glancer(place).read().catch(onError);
}

async function walk(dir: string, way: Way, since: number, written: Map<Place, Written>): Promise<void> {
  const { names, source } = way;
  const [name, ...rest] = names;
  const next: Way = { source, names: rest };
  if (name !== undefined && name !== "*") return walk(join(dir, name), next, since, written);
  const entries = await entriesIn(dir);
  if (name === "*") {
    for (const entry of entries)
      if (entry.isDirectory()) await walk(join(dir, entry.name), next, since, written);
    return;
  }
  const files = entries.filter((entry) => entry.isFile());
  await inParallel(files, CONCURRENCY, async (file) => {
    const place = join(dir, file.name);
    const stats = await lstat(place).catch(() => null);
    if (stats !== null && stats.mtimeMs >= since)
      written.set(place, { source, place, modifiedAt: stats.mtimeMs });
  });
}

async function entriesIn(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error) || hasCode(error, "EACCES") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  }
}
