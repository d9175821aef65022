import { appendFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { storeArtifact } from "./artifacts.ts";
import { jsonText } from "./atomic-file.ts";
import { createIds, runIdOf } from "./ids.ts";
import { LongPlan } from "./long-plan.ts";
import { chunkLine, type LongShape, sessionLines } from "./long-session.ts";
import { statusDetailOf, stepRecord, traceLines } from "./long-trace.ts";
import { PATHS, RunRecord } from "./run-record.ts";
import { bindingFor } from "./session-binding.ts";
import { reviewPullRequest } from "./story.ts";
import { jsonList, writeJsonLines, writePieces } from "./write-pieces.ts";

export interface LongRunOptions {
  readonly runsDir: string;
  /** Lines in the session's events.ndjson. */
  readonly events: number;
  /** Finished steps; one more is at work, and all of them share the events. */
  readonly steps: number;
  /** On average. */
  readonly bytesPerLine?: number;
  readonly shape?: LongShape;
}

export interface LongRun {
  readonly runId: string;
  readonly dir: string;
  readonly sessionId: string;
  readonly eventsFile: string;
  /** Appends one chunk of the agent's text and gives the line's bytes. Synchronous, so that a caller can time it. */
  appendEvent(text: string): number;
}

/**
 * Writes a run that is still running, all at once: for the bench, and for tests
 * that need length rather than a story. Nothing is held but the line that is
 * being made, so the length costs time and disk only.
 */
export async function writeLongRun(options: LongRunOptions): Promise<LongRun> {
  const { runsDir, events, steps, bytesPerLine = 280, shape = "mixed" } = options;
  const ids = createIds();
  const now = new Date();
  const { flowPath } = reviewPullRequest;
  const flowName = "long-run";
  const runId = runIdOf(now, flowName, ids.uuid());
  const binding = bindingFor(reviewPullRequest, ids.uuid());
  const sessionId = binding.bundleId;
  const plan = new LongPlan(events, steps, sessionId, now);

  const dir = join(runsDir, runId);
  const sessionDir = join(dir, "sessions", sessionId);
  const eventsFile = join(sessionDir, "events.ndjson");
  const folders = [sessionDir, join(dir, "projections"), join(dir, "artifacts")];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const [promptText, rawText] = ["Go on with the cache.", "Done: the test passes."];
  const promptArtifact = await storeArtifact(dir, promptText, "text/plain");
  const rawResponseArtifact = await storeArtifact(dir, rawText, "text/plain");
  const texts = { promptText, promptArtifact, rawText, rawResponseArtifact };
  const all = { runId, flowName, flowPath, binding, ...texts };

  const head = { runId, flowName, runTitle: `${events} events`, flowPath };
  const record = new RunRecord({ ...head, startedAt: plan.startedAt, input: { events } });
  record.bind(binding);
  // Only the last step of each node counts for what run.json says besides its list of steps.
  for (let index = Math.max(0, steps - 3); index < steps; index += 1) {
    record.addStep(stepRecord(plan.step(index), all));
  }
  const open = plan.step(steps);
  record.beginAttempt(open.nodeId, open.attemptId, "acp", statusDetailOf(open), open.startedAt);
  record.beat(now.toISOString());

  const recordText = jsonText({ schema: "acpx.session.v1", lastSeq: events, messages: [] });
  const stepRecords = function* () {
    for (const step of plan.finished()) yield stepRecord(step, all);
  };
  await writePieces(eventsFile, sessionLines(plan, shape, { ...binding, bytesPerLine }));
  await writeFile(join(sessionDir, "binding.json"), jsonText(binding));
  await writeFile(join(sessionDir, "record.json"), recordText);
  await writeFile(join(dir, PATHS.flow), jsonText(FLOW));
  await writePieces(join(dir, PATHS.runProjection), withSteps(record.run(), stepRecords()));
  await writeFile(join(dir, PATHS.liveProjection), jsonText(record.live()));
  await writePieces(join(dir, PATHS.stepsProjection), jsonList(stepRecords()));
  await writeJsonLines(join(dir, PATHS.trace), traceLines(plan, all));
  await writeFile(join(dir, "manifest.json"), jsonText(record.manifest()));

  let seq = events;
  return {
    runId,
    dir,
    sessionId,
    eventsFile,
    appendEvent(text) {
      seq += 1;
      const line = chunkLine(seq, new Date().toISOString(), binding.acpSessionId, text);
      appendFileSync(eventsFile, line);
      return Buffer.byteLength(line);
    },
  };
}

/** The object as JSON, with these steps for its own. */
function* withSteps(run: object, steps: Iterable<object>): Generator<string> {
  let before = "{\n";
  for (const [name, value] of Object.entries(run)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}: `;
    if (name === "steps") yield* jsonList(steps);
    else yield JSON.stringify(value);
    before = ",\n";
  }
  yield "\n}\n";
}

const node = { nodeType: "acp", session: {}, cwd: { mode: "default" }, hasPrompt: true };
const FLOW = {
  schema: "acpx.flow-definition-snapshot.v1",
  name: "long-run",
  startAt: "survey",
  nodes: { survey: node, work: node, check: node },
  edges: [
    { from: "survey", to: "work" },
    { from: "work", to: "check" },
    { from: "check", to: "survey" },
  ],
};
