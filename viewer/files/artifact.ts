import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { isFileName } from "../live/file-address.ts";
import { fieldsOf, listOf, textOf } from "../playback/unknown.ts";

/** A file of the run, as a line of the trace names it. */
export interface Artifact {
  readonly path: string;
  readonly mediaType: string | null;
  readonly bytes: number | null;
}

/** What an artifact is to whoever names it. */
export type Role =
  | "input"
  | "binding"
  | "prompt"
  | "reply"
  | "output"
  | "stdout"
  | "stderr"
  /** Of a test, for what its producer says. */
  | "test"
  /** It was written; nothing says what for. */
  | "written";

const ROLES: readonly (readonly [field: string, role: Role])[] = [
  ["inputArtifact", "input"],
  ["bindingArtifact", "binding"],
  ["promptArtifact", "prompt"],
  ["rawResponseArtifact", "reply"],
  ["outputArtifact", "output"],
  ["stdoutArtifact", "stdout"],
  ["stderrArtifact", "stderr"],
  ["artifact", "written"],
];

export interface NamedArtifact {
  readonly role: Role;
  readonly artifact: Artifact;
  /** What it is to a test, in its producer's word. */
  readonly label?: string;
}

/** A line never changes; the newest ones are looked through again and again. */
const known = new WeakMap<TraceEvent, readonly NamedArtifact[]>();

/** The artifacts that a line of the trace names. */
export function artifactsOf(event: TraceEvent): readonly NamedArtifact[] {
  const before = known.get(event);
  if (before !== undefined) return before;
  const named = namedBy(event);
  known.set(event, named);
  return named;
}

function namedBy(event: TraceEvent): NamedArtifact[] {
  const payload = fieldsOf(event.payload);
  const named: NamedArtifact[] = [];
  for (const [field, role] of ROLES) {
    const artifact = artifactOf(payload[field]);
    if (artifact !== null) named.push({ role, artifact });
  }
  for (const file of listOf(payload["files"])) {
    const artifact = artifactOf(file);
    const label = textOf(fieldsOf(file)["role"]);
    if (artifact !== null) named.push({ role: "test", artifact, ...(label === null ? {} : { label }) });
  }
  const own = artifactOf(event.artifact);
  if (own !== null && named.length === 0) named.push({ role: "written", artifact: own });
  return named;
}

export function artifactOf(value: unknown): Artifact | null {
  const fields = fieldsOf(value);
  const path = textOf(fields["path"]);
  if (path === null || !isFileName(path)) return null;
  const { bytes } = fields;
  return {
    path,
    mediaType: textOf(fields["mediaType"]),
    bytes: typeof bytes === "number" && bytes >= 0 ? bytes : null,
  };
}
