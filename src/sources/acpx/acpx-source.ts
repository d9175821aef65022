import { lstat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Clock } from "../../clock.ts";
import { type Manifest, Manifest as ManifestSchema, RunFile } from "../../protocol/bundle.ts";
import { OutsideRunError, resolveInRun } from "../bundle-path.ts";
import { isMissing } from "../file-errors.ts";
import { JsonFile } from "../json-file.ts";
import type { Glance, Source } from "../source.ts";
import { FollowRun } from "./follow-run.ts";
import { type Layout, MANIFEST, readLayout } from "./layout.ts";
import { allowedSilence, mergeRun, statusOf } from "./merge-run.ts";

/** Runs of acpx flows: a folder a run, with a manifest that says where its files are. */
export function acpxSource(clock: Clock): Source {
  return {
    type: "acpx",
    label: "acpx flow",
    glance: (dir) => glance(dir, clock),
    follow: (dir, draft) => new FollowRun(dir, draft, clock),
  };
}

async function glance(dir: string, clock: Clock): Promise<Glance | null> {
  const read = await new JsonFile(join(dir, MANIFEST), ManifestSchema, clock).read();
  if (read.kind !== "changed" || !isAcpxManifest(read.value)) return null;
  const manifest = read.value;
  const { layout } = readLayout(manifest);
  const live = await readLive(dir, layout, clock);
  const run = mergeRun(null, live, {});
  const status = statusOf(manifest, run);
  const startedAt = run.startedAt ?? manifest.startedAt ?? new Date(read.modifiedAt).toISOString();
  const finishedAt = run.finishedAt ?? manifest.finishedAt;
  const runTitle = run.runTitle ?? manifest.runTitle;
  const silenceMs = allowedSilence(status);
  return {
    summary: {
      runId: manifest.runId,
      source: "acpx",
      flowName: run.flowName ?? manifest.flowName ?? "",
      status,
      startedAt,
      updatedAt: run.updatedAt ?? finishedAt ?? startedAt,
      path: dir,
      ...(runTitle ? { runTitle } : {}),
      ...(run.statusDetail ? { statusDetail: run.statusDetail } : {}),
      ...(finishedAt ? { finishedAt } : {}),
      ...(run.currentNode ? { currentNode: run.currentNode } : {}),
    },
    pulse: {
      status,
      silenceMs,
      lastWriteAt: silenceMs === null ? read.modifiedAt : await newestWrite(dir, layout, read.modifiedAt),
    },
    folders: foldersOf(dir, layout),
  };
}

function isAcpxManifest(manifest: Manifest): boolean {
  const { schema } = manifest;
  return typeof schema === "string" && schema.startsWith("acpx.flow-run-bundle.");
}

async function readLive(dir: string, layout: Layout, clock: Clock): Promise<RunFile | null> {
  const path = await inRun(dir, layout.live);
  if (path === undefined) return null;
  const live = await new JsonFile(path, RunFile, clock).read();
  return live.kind === "changed" ? live.value : null;
}

/** A streamed chunk changes only a session's events, so they are asked too. */
async function newestWrite(dir: string, layout: Layout, manifestAt: number): Promise<number> {
  const names = [layout.live, layout.trace, ...layout.sessions.map((session) => session.events)];
  const times = await Promise.all(names.map((name) => modifiedAt(dir, name)));
  return Math.max(manifestAt, ...times);
}

async function modifiedAt(dir: string, name: string): Promise<number> {
  const path = await inRun(dir, name);
  if (path === undefined) return 0;
  try {
    return (await lstat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Where a write shows that the writer is alive; a streamed chunk changes only a session's folder. */
function foldersOf(dir: string, layout: Layout): string[] {
  const names = [MANIFEST, layout.live, layout.trace, ...layout.sessions.map((session) => session.events)];
  const folders = new Set(names.map((name) => dirname(join(dir, name))));
  return [...folders].filter((folder) => folder === dir || folder.startsWith(dir + sep));
}

async function inRun(dir: string, name: string): Promise<string | undefined> {
  try {
    return await resolveInRun(dir, name);
  } catch (error) {
    if (error instanceof OutsideRunError) return undefined;
    throw error;
  }
}
