import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A whole run from its files, parsed anew: what the naive server does every time. */
export async function readWholeRun(runsDir: string, runId: string): Promise<object> {
  const dir = join(runsDir, runId);
  const live = await readJson(join(dir, "projections/live.json"));
  const sessions: Record<string, object> = {};
  for (const id of await readdir(join(dir, "sessions"))) {
    const folder = join(dir, "sessions", id);
    sessions[id] = {
      id,
      binding: await readJson(join(folder, "binding.json")),
      record: await readJson(join(folder, "record.json")),
      events: await readLines(join(folder, "events.ndjson")),
    };
  }
  return {
    schema: "acpx.viewer-run-live.v1",
    sourceType: "acpx",
    sourceLabel: "acpx",
    status: "running",
    manifest: await readJson(join(dir, "manifest.json")),
    flow: await readJson(join(dir, "flow.json")),
    run: { ...(await readJson(join(dir, "projections/run.json"))), ...live },
    live,
    steps: await readJson(join(dir, "projections/steps.json")),
    trace: await readLines(join(dir, "trace.ndjson")),
    sessions,
    problems: { count: 0, listed: [] },
  };
}

async function readJson(file: string): Promise<object> {
  return toObject(JSON.parse(await readFile(file, "utf8")));
}

/** Only whole lines: the last one may still be being written. */
async function readLines(file: string): Promise<object[]> {
  const text = await readFile(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => toObject(JSON.parse(line)));
}

function toObject(value: unknown): object {
  if (typeof value !== "object" || value === null) throw new Error("An object was expected.");
  return value;
}
