import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Flow, Manifest, RunFile, SessionEvent, Step, TraceEvent } from "../../src/protocol/bundle.ts";

const Conversation = v.looseObject({
  sessionId: v.string(),
  messageStart: v.number(),
  messageEnd: v.number(),
  eventStartSeq: v.number(),
  eventEndSeq: v.number(),
});
const StepOnDisk = v.intersect([
  Step,
  v.looseObject({ trace: v.looseObject({ conversation: v.optional(Conversation) }) }),
]);
const SessionRecord = v.looseObject({ lastSeq: v.number(), messages: v.array(v.unknown()) });
const SessionEntry = v.looseObject({
  id: v.string(),
  bindingPath: v.string(),
  recordPath: v.string(),
  eventsPath: v.string(),
});
const ManifestOnDisk = v.intersect([
  Manifest,
  v.looseObject({ paths: v.record(v.string(), v.string()), sessions: v.array(SessionEntry) }),
]);

/** Reads every file of a bundle from where its manifest says it is; a file that is not as promised throws. */
export async function readBundle(dir: string) {
  const json = async <Schema extends v.GenericSchema>(schema: Schema, path: string) =>
    v.parse(schema, JSON.parse(await readFile(join(dir, path), "utf8")));
  const lines = async <Schema extends v.GenericSchema>(schema: Schema, path: string) => {
    const text = await readFile(join(dir, path), "utf8");
    if (text !== "" && !text.endsWith("\n")) throw new Error(`${path} ends within a line.`);
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => v.parse(schema, JSON.parse(line)));
  };
  const manifest = await json(ManifestOnDisk, "manifest.json");
  const path = (name: string) => manifest.paths[name] ?? "";
  const sessions = await Promise.all(
    manifest.sessions.map(async ({ id, bindingPath, recordPath, eventsPath }) => ({
      id,
      binding: await json(v.looseObject({ bundleId: v.literal(id) }), bindingPath),
      record: await json(SessionRecord, recordPath),
      events: await lines(SessionEvent, eventsPath),
    })),
  );
  return {
    manifest,
    flow: await json(Flow, path("flow")),
    run: await json(RunFile, path("runProjection")),
    live: await json(RunFile, path("liveProjection")),
    steps: await json(v.array(StepOnDisk), path("stepsProjection")),
    trace: await lines(TraceEvent, path("trace")),
    sessions,
    files: await readdir(dir, { recursive: true }),
  };
}

export function seqsFromOne(entries: readonly { readonly seq: number }[]): boolean {
  return entries.every((entry, index) => entry.seq === index + 1);
}
