import type { Artifact } from "./artifacts.ts";
import type { LongPlan, PlannedStep } from "./long-plan.ts";
import { durationOf, type SessionBinding, type StepRecord } from "./run-record.ts";

/** What all steps of a long run have in common. Artifacts are named by content, so one file serves them all. */
export interface LongSteps {
  readonly runId: string;
  readonly flowName: string;
  readonly flowPath: string;
  readonly binding: SessionBinding;
  readonly promptText: string;
  readonly promptArtifact: Artifact;
  readonly rawText: string;
  readonly rawResponseArtifact: Artifact;
}

const OUTPUT = { done: true };
/** One step in so many takes long enough for a heartbeat. */
const BEAT_EVERY = 3;

/** The trace: the run's start, and every step as acpx tells of it. */
export function* traceLines(plan: LongPlan, steps: LongSteps): Generator<object> {
  const { runId, flowName, flowPath, binding } = steps;
  let seq = 0;
  const line = (at: string, scope: string, type: string, more: object) => {
    seq += 1;
    return { seq, at, runId, scope, type, ...more };
  };
  yield line(plan.startedAt, "run", "run_started", { payload: { flowName, flowPath } });
  const sessionId = binding.bundleId;
  const bound = { sessionId, handle: binding.handle };
  yield line(plan.startedAt, "session", "session_bound", { sessionId, payload: bound });
  for (const step of plan.all()) {
    for (const { at, scope, type, more } of stepLines(step, steps)) yield line(at, scope, type, more);
  }
}

interface Told {
  readonly at: string;
  readonly scope: string;
  readonly type: string;
  readonly more: object;
}

function* stepLines(step: PlannedStep, steps: LongSteps): Generator<Told> {
  const { nodeId, attemptId, startedAt, finishedAt, conversation } = step;
  const { promptArtifact, rawResponseArtifact } = steps;
  const { sessionId } = conversation;
  const tell = (at: string, scope: string, type: string, payload: object, more: object = {}): Told => {
    return { at, scope, type, more: { nodeId, attemptId, ...more, payload } };
  };
  const session = { sessionId };
  const statusDetail = statusDetailOf(step);
  const started = { nodeType: "acp", timeoutMs: 900_000, statusDetail };
  yield tell(startedAt, "node", "node_started", started);
  const prepared = { sessionId, promptArtifact };
  yield tell(startedAt, "acp", "acp_prompt_prepared", prepared, session);
  if (step.index % BEAT_EVERY === 0) {
    const at = new Date((Date.parse(startedAt) + Date.parse(finishedAt)) / 2).toISOString();
    const beat = { statusDetail: `ACP: ${steps.promptText}` };
    yield tell(at, "node", "node_heartbeat", beat);
  }
  if (step.isOpen) return;
  const written = { ...session, artifact: rawResponseArtifact };
  yield tell(finishedAt, "artifact", "artifact_written", { artifact: rawResponseArtifact }, written);
  const parsed = { sessionId, conversation, rawResponseArtifact };
  yield tell(finishedAt, "acp", "acp_response_parsed", parsed, session);
  yield tell(finishedAt, "node", "node_outcome", {
    nodeType: "acp",
    outcome: "ok",
    durationMs: durationOf(startedAt, finishedAt),
    error: null,
    ...traceOf(step, steps),
  });
}

export function statusDetailOf({ nodeId }: PlannedStep): string {
  return `Running acp node ${nodeId}`;
}

/** A finished step as the projections record it. */
export function stepRecord(step: PlannedStep, steps: LongSteps): StepRecord {
  const { attemptId, nodeId, startedAt, finishedAt } = step;
  const { promptText, rawText, binding: session } = steps;
  const { agentName, agentCommand, cwd } = session;
  return {
    attemptId,
    nodeId,
    nodeType: "acp",
    outcome: "ok",
    startedAt,
    finishedAt,
    promptText,
    rawText,
    output: OUTPUT,
    session,
    agent: { agentName, agentCommand, cwd },
    trace: traceOf(step, steps),
  };
}

function traceOf({ conversation }: PlannedStep, { promptArtifact, rawResponseArtifact }: LongSteps) {
  const { sessionId } = conversation;
  return { sessionId, promptArtifact, conversation, rawResponseArtifact, outputInline: OUTPUT };
}
