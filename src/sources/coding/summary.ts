import type { Manifest, RunFile, RunSummary } from "../../protocol/bundle.ts";
import type { Look } from "./digests.ts";
import type { CodingFormat, SessionFile } from "./format.ts";
import { runIdOf } from "./place.ts";
import { join } from "node:path";
import type { Standing } from "./standing.ts";

/** What its digest says of a session, as the list and the run state have it. */
export interface Described {
  readonly summary: Omit<RunSummary, "stalledSince">;
  readonly manifest: Manifest;
  readonly run: RunFile;
}

export function describe(
  { digest, modifiedAt }: Look,
  { detail, status }: Standing,
  file: SessionFile,
  format: CodingFormat,
): Described {
  const { lastLine, newestAt, project, title, usage } = digest;
  const runId = runIdOf(digest, file);
  const updatedAt = iso(newestAt ?? modifiedAt);
  const startedAt = iso(digest.startedAt ?? newestAt ?? modifiedAt);
  const named = { runId, flowName: "", ...(title === "" ? {} : { runTitle: title }), startedAt };
  const stands = {
    ...named,
    status,
    updatedAt,
    ...(detail === null ? {} : { statusDetail: detail }),
    ...(status === "ended" ? { finishedAt: updatedAt } : {}),
  };
  const summary = {
    ...stands,
    source: format.type,
    path: join(file.dir, file.name),
    ...(project === null ? {} : { project }),
    ...(usage === null ? {} : { usage }),
    ...(lastLine === "" ? {} : { lastLine }),
  };
  return { summary, manifest: named, run: stands };
}

/** Of a time that no date can be, the earliest. */
export function iso(at: number): string {
  return new Date(Math.abs(at) <= MOST_MS ? at : 0).toISOString();
}

const MOST_MS = 8.64e15;
