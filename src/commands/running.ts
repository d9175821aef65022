import { realpath } from "node:fs/promises";
import * as v from "valibot";
import { hasCode } from "../sources/file-errors.ts";
import { type WatchedFolders, watchedWith } from "../store/watched.ts";
import { DEFAULT_PORT, type Options } from "./options.ts";
import { readRecords, removeRecord, type ViewerRecord } from "./record.ts";

const Health = v.object({
  service: v.literal("runreel"),
  version: v.string(),
  pid: v.number(),
  runsDirs: v.array(v.string()),
  workingDir: v.optional(v.string()),
  sessionDirs: v.optional(v.array(v.object({ dir: v.string(), source: v.string() }))),
  watching: v.optional(v.string()),
  startedAt: v.string(),
});

/** A viewer that answered. The record is there if it is one of this user's. */
export interface RunningViewer {
  readonly url: string;
  readonly port: number;
  readonly health: v.InferOutput<typeof Health>;
  readonly record: ViewerRecord | undefined;
}

const PATIENCE_MS = 1_500;

/** Asks an address whether a viewer answers there. */
export async function probe(url: string): Promise<RunningViewer["health"] | undefined> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const parsed = v.safeParse(Health, await response.json());
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The running viewers that fit the options: all of this user's, and whichever has the port asked for. */
export async function findRunning(
  options: Pick<Options, "host" | "port" | "roots" | "workingDir" | "watch" | "namedRunsDirs">,
): Promise<RunningViewer[]> {
  const records = await readRecords();
  const asked = options.port ?? DEFAULT_PORT;
  const places = new Map(records.map((record) => [record.port, record.url]));
  if (asked !== 0 && !places.has(asked)) places.set(asked, urlOf(options.host, asked));
  const asks = [...places]
    .filter(([port]) => options.port === undefined || port === options.port)
    .map(async ([port, url]) => ({ port, url, health: await probe(url) }));
  const running: RunningViewer[] = [];
  for (const { port, url, health } of await Promise.all(asks)) {
    const record = records.find((known) => known.port === port);
    if (health === undefined) {
      // Left behind by a viewer that was killed.
      if (record !== undefined && !isAlive(record.pid)) await removeRecord(record);
      continue;
    }
    if (options.namedRunsDirs && !(await sameFolders(watchedWith(options), health))) continue;
    running.push({ url, port, health, record: record?.pid === health.pid ? record : undefined });
  }
  return running;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** For a program. */
export function foldersOf({ runsDirs, sessionDirs, watching, workingDir }: WatchedFolders): WatchedFolders {
  return {
    runsDirs,
    workingDir,
    ...(sessionDirs === undefined ? {} : { sessionDirs }),
    ...(watching === "off" ? { watching } : {}),
  };
}

/** The same folders, whatever names they go by, and the same looked for in them. */
export async function sameFolders(left: WatchedFolders, right: WatchedFolders): Promise<boolean> {
  const real = (dir: string) => realpath(dir).catch(() => dir);
  const all = async ({ runsDirs, sessionDirs = [], watching, workingDir }: WatchedFolders) => {
    const words = await Promise.all([
      ...runsDirs.map(async (dir) => `watches ${await real(dir)}`),
      ...sessionDirs.map(async ({ dir, source }) => `watches ${source} in ${await real(dir)}`),
    ]);
    const isOff = watching === "off" ? "watches nothing" : "";
    return new Set([...words, isOff, workingDir === undefined ? "" : `is in ${await real(workingDir)}`]);
  };
  const [ours, theirs] = [await all(left), await all(right)];
  return ours.size === theirs.size && [...ours].every((word) => theirs.has(word));
}
