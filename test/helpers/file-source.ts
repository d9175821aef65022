import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../../src/sources/file-errors.ts";
import type { Glance, Place, RunFiles, Shelf, Source } from "../../src/sources/source.ts";

const SUFFIX = ".runs";

/**
 * A source whose runs lie in files: every line of a "*.runs" file is one, with the
 * word that stands there as its status. A line that says "soon" is no run yet.
 */
export class FileSource implements Source {
  readonly type = "files";
  readonly label = "a line of a file";
  readonly below = ["results"];
  readonly atHand = [".", "results"];
  /** Every place that was glanced at, in order. */
  readonly glances: Place[] = [];
  /** How often each folder's shelf was asked. */
  readonly asked = new Map<string, number>();

  shelf(dir: string): Shelf {
    return {
      names: async () => {
        this.asked.set(dir, (this.asked.get(dir) ?? 0) + 1);
        const names: string[] = [];
        for (const file of (await readdir(dir)).filter((name) => name.endsWith(SUFFIX)).toSorted()) {
          const lines = await linesOf(join(dir, file));
          for (const index of lines.keys()) names.push(index === 0 ? file : `${file}#${index + 1}`);
        }
        return names;
      },
    };
  }

  files(place: Place): RunFiles {
    const [, dir = "", file = ""] = /^(.*)\/([^/]*?)(?:#\d+)?$/.exec(place) ?? [];
    return { dir, allows: async (name) => name === file };
  }

  async stampOf(place: Place): Promise<string | null> {
    return (await wordAt(place)) ?? null;
  }

  glancer(place: Place) {
    this.glances.push(place);
    return { read: () => glance(place) };
  }

  follow(): never {
    throw new Error("Nobody opens these runs.");
  }
}

async function glance(place: Place): Promise<Glance | null> {
  const word = await wordAt(place);
  if (word === undefined || word === "soon") return null;
  const startedAt = "2026-01-02T03:04:05.000Z";
  return {
    summary: {
      runId: place.slice(place.lastIndexOf("/") + 1).replace("#", "."),
      source: "files",
      flowName: word,
      status: "completed",
      startedAt,
      updatedAt: startedAt,
      path: place,
    },
    pulse: { status: "completed", silenceMs: null, lastWriteAt: 0 },
    stamp: word,
    folders: [],
  };
}

async function wordAt(place: Place): Promise<string | undefined> {
  const [, path = "", mark = "1"] = /^(.*?)(?:#(\d+))?$/.exec(place) ?? [];
  if (!path.endsWith(SUFFIX) || !(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  return (await linesOf(path))[Number(mark) - 1];
}

async function linesOf(path: string): Promise<string[]> {
  try {
    return (await readFile(path, "utf8")).split("\n").slice(0, -1);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
