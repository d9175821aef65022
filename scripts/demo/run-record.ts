/** Where the run stands, and the three files acpx makes of it: manifest, live and run. Pure: writes nothing. */

export type NodeType = "acp" | "action" | "compute" | "checkpoint";
type Outcome = "ok" | "failed";

export interface RunIdentity {
  readonly runId: string;
  readonly flowName: string;
  readonly runTitle: string;
  readonly flowPath: string;
  readonly startedAt: string;
  readonly input: unknown;
}

export interface SessionBinding {
  readonly key: string;
  readonly handle: string;
  readonly bundleId: string;
  readonly name: string;
  readonly agentName: string;
  readonly agentCommand: string;
  readonly cwd: string;
  readonly acpxRecordId: string;
  readonly acpSessionId: string;
}

/** What an attempt leaves behind besides its outcome: artifacts, ranges, the action. */
type AttemptTrace = Readonly<Record<string, unknown>>;

export interface StepRecord {
  readonly attemptId: string;
  readonly nodeId: string;
  readonly nodeType: NodeType;
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly promptText: string | null;
  readonly rawText: string | null;
  readonly output?: unknown;
  readonly error?: string;
  readonly session: SessionBinding | null;
  readonly agent: { readonly agentName: string; readonly agentCommand: string; readonly cwd: string } | null;
  readonly trace: AttemptTrace;
}

export interface CurrentNode {
  readonly nodeId: string;
  readonly attemptId: string;
  readonly nodeType: NodeType;
  readonly startedAt: string;
  readonly heartbeatAt: string;
}

export interface Conversation {
  readonly sessionId: string;
  readonly messageStart: number;
  readonly messageEnd: number;
  readonly eventStartSeq: number;
  readonly eventEndSeq: number;
}

export const PATHS = {
  flow: "flow.json",
  trace: "trace.ndjson",
  runProjection: "projections/run.json",
  liveProjection: "projections/live.json",
  stepsProjection: "projections/steps.json",
  sessionsDir: "sessions",
  artifactsDir: "artifacts",
} as const;

export class RunRecord {
  readonly identity: RunIdentity;
  readonly steps: StepRecord[] = [];
  status: "running" | "waiting" | "completed" | "failed" = "running";
  updatedAt: string;
  finishedAt: string | undefined;
  current: CurrentNode | undefined;
  statusDetail: string | undefined;
  error: string | undefined;
  /** The node that waits for someone. */
  waitingOn: string | undefined;
  readonly #bindings: SessionBinding[] = [];
  readonly #attempts = new Map<string, number>();

  constructor(identity: RunIdentity) {
    this.identity = identity;
    this.updatedAt = identity.startedAt;
  }

  beginNode(nodeId: string, nodeType: NodeType, statusDetail: string, at: string): CurrentNode {
    const count = (this.#attempts.get(nodeId) ?? 0) + 1;
    this.#attempts.set(nodeId, count);
    return this.beginAttempt(nodeId, `${nodeId}#${count}`, nodeType, statusDetail, at);
  }

  /** For whoever counts the attempts himself. */
  beginAttempt(
    nodeId: string,
    attemptId: string,
    nodeType: NodeType,
    statusDetail: string,
    at: string,
  ): CurrentNode {
    this.current = { nodeId, attemptId, nodeType, startedAt: at, heartbeatAt: at };
    this.statusDetail = statusDetail;
    this.updatedAt = at;
    return this.current;
  }

  beat(at: string, statusDetail = this.statusDetail): void {
    if (this.current !== undefined) this.current = { ...this.current, heartbeatAt: at };
    this.statusDetail = statusDetail;
    this.updatedAt = at;
  }

  addStep(step: StepRecord): void {
    this.steps.push(step);
    this.current = undefined;
    this.statusDetail = undefined;
    this.updatedAt = step.finishedAt;
  }

  bind(binding: SessionBinding): void {
    this.#bindings.push(binding);
  }

  /** An error keeps the node that was at work; a good end has none. */
  end(status: "completed" | "failed", at: string, error?: string): void {
    this.status = status;
    this.finishedAt = at;
    this.updatedAt = at;
    this.error = error;
    this.statusDetail = error;
  }

  /** Nobody ends such a run, and it has no end. */
  wait(nodeId: string, summary: string, at: string): void {
    this.status = "waiting";
    this.waitingOn = nodeId;
    this.statusDetail = summary;
    this.updatedAt = at;
  }

  manifest(): object {
    const { runId, flowName, runTitle, flowPath, startedAt } = this.identity;
    return {
      schema: "acpx.flow-run-bundle.v1",
      runId,
      flowName,
      runTitle,
      flowPath,
      startedAt,
      finishedAt: this.finishedAt,
      status: this.status,
      traceSchema: "acpx.flow-trace-event.v1",
      paths: PATHS,
      sessions: this.#bindings.map(({ bundleId, handle }) => ({
        id: bundleId,
        handle,
        bindingPath: `sessions/${bundleId}/binding.json`,
        recordPath: `sessions/${bundleId}/record.json`,
        eventsPath: `sessions/${bundleId}/events.ndjson`,
      })),
    };
  }

  live(): object {
    const { input: _input, ...head } = this.identity;
    const { finishedAt, updatedAt, status, error } = this;
    return {
      ...head,
      finishedAt,
      updatedAt,
      status,
      ...this.#position(),
      waitingOn: this.waitingOn,
      error,
      sessionBindings: this.#bindingsByKey(),
    };
  }

  run(): object {
    const { input, ...head } = this.identity;
    const latest = [...new Map(this.steps.map((step) => [step.nodeId, step])).values()];
    const done = latest.filter((step) => step.outcome === "ok");
    return {
      ...head,
      updatedAt: this.updatedAt,
      status: this.status,
      input,
      outputs: Object.fromEntries(done.map((step) => [step.nodeId, step.output])),
      results: Object.fromEntries(latest.map((step) => [step.nodeId, resultOf(step)])),
      steps: this.steps,
      sessionBindings: this.#bindingsByKey(),
      ...this.#position(),
      waitingOn: this.waitingOn,
      error: this.error,
      finishedAt: this.finishedAt,
    };
  }

  #position(): object {
    return {
      currentNode: this.current?.nodeId,
      currentAttemptId: this.current?.attemptId,
      currentNodeType: this.current?.nodeType,
      currentNodeStartedAt: this.current?.startedAt,
      lastHeartbeatAt: this.current?.heartbeatAt,
      statusDetail: this.statusDetail,
    };
  }

  #bindingsByKey(): object {
    return Object.fromEntries(this.#bindings.map((binding) => [binding.key, binding]));
  }
}

function resultOf(step: StepRecord): object {
  const { attemptId, nodeId, nodeType, outcome, startedAt, finishedAt, output, error } = step;
  const durationMs = durationOf(startedAt, finishedAt);
  return { attemptId, nodeId, nodeType, outcome, startedAt, finishedAt, durationMs, output, error };
}

export function durationOf(startedAt: string, finishedAt: string): number {
  return Date.parse(finishedAt) - Date.parse(startedAt);
}
