import * as v from "valibot";
import type { Manifest } from "../../protocol/bundle.ts";
import { isSafeKey } from "../../protocol/pointer.ts";

/** Where a bundle's files are, as its manifest says; names relative to the run's folder. */
export interface Layout {
  readonly flow: string;
  readonly trace: string;
  readonly run: string;
  readonly live: string;
  readonly steps: string;
  readonly sessions: readonly SessionFiles[];
}

export interface SessionFiles {
  readonly id: string;
  readonly binding: string;
  readonly record: string;
  readonly events: string;
}

export const MANIFEST = "manifest.json";

const Name = v.pipe(v.string(), v.minLength(1));

const Paths = v.object({
  flow: v.optional(Name, "flow.json"),
  trace: v.optional(Name, "trace.ndjson"),
  runProjection: v.optional(Name, "projections/run.json"),
  liveProjection: v.optional(Name, "projections/live.json"),
  stepsProjection: v.optional(Name, "projections/steps.json"),
});

const SessionEntry = v.object({ id: Name, bindingPath: Name, recordPath: Name, eventsPath: Name });

/** A name that a manifest gives and that cannot be used, with what it was for. */
export interface Refused {
  readonly what: string;
  readonly message: string;
}

export function readLayout(manifest: Manifest): { layout: Layout; refused: Refused[] } {
  const refused: Refused[] = [];
  const paths = v.safeParse(Paths, manifest.paths ?? {});
  if (!paths.success) refused.push({ what: "paths", message: "The manifest's paths are not file names." });
  const names = paths.success ? paths.output : v.getDefaults(Paths);
  const sessions: SessionFiles[] = [];
  for (const entry of manifest.sessions ?? []) {
    const session = v.safeParse(SessionEntry, entry);
    if (!session.success) {
      refused.push({ what: "sessions", message: "The manifest lists a session without an id or its files." });
    } else if (!isSafeKey(session.output.id)) {
      refused.push({ what: "sessions", message: "A session has an id that no session may have." });
    } else if (sessions.some(({ id }) => id === session.output.id)) {
      refused.push({ what: "sessions", message: "The manifest lists a session twice." });
    } else {
      const { id, bindingPath, recordPath, eventsPath } = session.output;
      sessions.push({ id, binding: bindingPath, record: recordPath, events: eventsPath });
    }
  }
  return {
    layout: {
      flow: names.flow ?? "flow.json",
      trace: names.trace ?? "trace.ndjson",
      run: names.runProjection ?? "projections/run.json",
      live: names.liveProjection ?? "projections/live.json",
      steps: names.stepsProjection ?? "projections/steps.json",
      sessions,
    },
    refused,
  };
}
