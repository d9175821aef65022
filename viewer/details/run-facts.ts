import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type Artifact, artifactOf } from "../files/artifact.ts";
import { endOf } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import { type RunIndex, startOf } from "../playback/run-index.ts";
import { fieldsOf, textOf } from "../playback/unknown.ts";

/** What was known of the run as a whole. */
export interface RunFacts {
  readonly flowPath: string | null;
  readonly input: Artifact | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A run says what it was given when it starts. */
const PARTS = [{ log: "trace", from: 0, to: Log.PAGE }] as const;

export function runFactsAt(run: RunState, index: RunIndex, at: number): Picture<RunFacts> {
  const { times } = index.trace;
  if (run.trace.length > 0 && !run.trace.holds(0, Log.PAGE))
    return { value: null, isReady: false, parts: PARTS };
  const begin = [...run.trace.entries(0, Log.PAGE)].find(([, event]) => event.type === "run_started");
  const isKnown = begin !== undefined && (times.at(begin[0]) ?? Number.POSITIVE_INFINITY) <= at;
  const said = isKnown ? fieldsOf(begin[1].payload) : {};
  const started = startOf(run, index);
  const ended = endOf(run, index);
  const value = {
    flowPath: textOf(said["flowPath"]),
    input: artifactOf(said["inputArtifact"]),
    startedAt: Number.isFinite(started) ? started : null,
    endedAt: ended !== null && at >= ended ? ended : null,
  };
  return { value, isReady: true, parts: PARTS };
}
