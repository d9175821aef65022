import { readdir, readFile, readlink } from "node:fs/promises";

/** What this process holds of the system, as Linux tells it; undefined elsewhere. */
export async function heldBySystem(): Promise<{ watches: number; files: string[] } | undefined> {
  if (process.platform !== "linux") return undefined;
  let watches = 0;
  const files: string[] = [];
  for (const fd of await readdir("/proc/self/fd")) {
    // The folder that is read has a number too, which is gone by now.
    const place = await readlink(`/proc/self/fd/${fd}`).catch(() => "");
    if (place.startsWith("/")) files.push(place);
    if (!place.includes("inotify")) continue;
    const info = await readFile(`/proc/self/fdinfo/${fd}`, "utf8").catch(() => "");
    watches += [...info.matchAll(/^inotify /gm)].length;
  }
  return { watches, files };
}
