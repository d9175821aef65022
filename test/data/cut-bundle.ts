import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

const Line = v.looseObject({ at: v.string() });

/** Copies a run as its files stood at `at` (ms since the epoch), but for the projections, which have no past. */
export async function cutBundle(from: string, to: string, runId: string, at: number): Promise<void> {
  await mkdir(to, { recursive: true });
  const manifest: unknown = JSON.parse(await readFile(join(from, "manifest.json"), "utf8"));
  const { finishedAt: _, status: __, ...rest } = v.parse(v.looseObject({}), manifest);
  await writeFile(join(to, "manifest.json"), JSON.stringify({ ...rest, runId, status: "running" }));
  await cp(join(from, "flow.json"), join(to, "flow.json"));
  await writeFile(join(to, "trace.ndjson"), await cutLines(join(from, "trace.ndjson"), at));
  const sessions = await readdir(join(from, "sessions")).catch(() => []);
  for (const session of sessions) {
    const events = await cutLines(join(from, "sessions", session, "events.ndjson"), at);
    if (events === "") continue;
    const dir = join(to, "sessions", session);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, "events.ndjson"), events);
    await cp(join(from, "sessions", session, "binding.json"), join(dir, "binding.json"));
  }
}

/** The times at which anything was written, in order. */
export async function timesOf(bundle: string): Promise<number[]> {
  const sessions = await readdir(join(bundle, "sessions")).catch(() => []);
  const files = [
    join(bundle, "trace.ndjson"),
    ...sessions.map((id) => join(bundle, "sessions", id, "events.ndjson")),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return texts.flatMap((text) => linesOf(text).map(timeOf)).toSorted((left, right) => left - right);
}

/** A log's lines up to the first that was written later. */
async function cutLines(file: string, at: number): Promise<string> {
  const lines = linesOf(await readFile(file, "utf8"));
  const later = lines.findIndex((line) => timeOf(line) > at);
  return lines
    .slice(0, later === -1 ? lines.length : later)
    .map((line) => `${line}\n`)
    .join("");
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function timeOf(line: string): number {
  return Date.parse(v.parse(Line, JSON.parse(line)).at);
}
