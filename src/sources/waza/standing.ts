import type { Manifest, RunFile } from "../../protocol/bundle.ts";
import type { RunStatus } from "../../protocol/status.ts";
import type { Pulse } from "../source.ts";
import type { WazaSession } from "./session.ts";
import { specName, titleOf } from "./spec-name.ts";
import { iso } from "./stamp.ts";

/**
 * waza writes nothing while a trial is on its way, and nothing when it is stopped. Its users mostly give
 * a trial five or ten minutes, and grading takes its time after it.
 */
const SILENCE_MS = 15 * 60_000;

/** Where a session stands, as a run's file says it. */
export type Standing = RunFile & { readonly status: RunStatus; readonly startedAt: string };

export function standingOf(session: WazaSession, runId: string): Standing {
  const flowName = specName(session.specPath);
  const updatedAt = iso(session.newestAt);
  const isOver = session.sums !== null;
  return {
    runId,
    flowName,
    runTitle: titleOf(flowName, session.model),
    startedAt: iso(session.startedAt),
    updatedAt,
    status: isOver ? "completed" : session.tests.length === 0 ? "starting" : "running",
    ...(isOver ? { finishedAt: updatedAt } : {}),
    ...(session.error === null ? {} : { error: session.error }),
  };
}

export function manifestOf({ flowName, runTitle, startedAt }: Standing, runId: string): Manifest {
  return { runId, flowName, runTitle, startedAt };
}

export function pulseOf(status: RunStatus, lastWriteAt: number): Pulse {
  return { status, silenceMs: status === "completed" ? null : SILENCE_MS, lastWriteAt };
}
