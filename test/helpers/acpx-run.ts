import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes acpx bundles file by file, so that a test can stop at any of them. */
export class AcpxRun {
  readonly dir: string;
  readonly runId: string;
  readonly sessionId = "main-0001";
  #traceSeq = 0;
  #eventSeq = 0;
  readonly #startedAt: string;

  constructor(root: string, runId: string, startedAt = "2026-01-02T03:04:05.000Z") {
    this.dir = join(root, runId);
    this.runId = runId;
    this.#startedAt = startedAt;
  }

  /** A whole run in flight: every file, one step under way, no session event yet. */
  async begin(): Promise<this> {
    await this.writeManifest();
    await this.writeFlow();
    await this.writeRun({ status: "running", input: {}, outputs: {}, results: {}, steps: [] });
    await this.writeLive({ status: "running", currentNode: "reply", currentAttemptId: "reply#1" });
    await this.writeSteps([]);
    await this.writeJson(`sessions/${this.sessionId}/binding.json`, { handle: "main" });
    await this.writeJson(`sessions/${this.sessionId}/record.json`, { lastSeq: 0, messages: [] });
    await this.append(`sessions/${this.sessionId}/events.ndjson`, "");
    await this.appendTrace("run_started");
    await this.appendTrace("node_started", { nodeId: "reply", attemptId: "reply#1" });
    return this;
  }

  async finish(status = "completed"): Promise<void> {
    const step = { attemptId: "reply#1", nodeId: "reply", nodeType: "acp", outcome: "ok" };
    const finishedAt = "2026-01-02T03:04:09.000Z";
    await this.writeRun({
      status,
      finishedAt,
      input: {},
      outputs: { reply: "done" },
      results: {},
      steps: [step],
    });
    await this.writeLive({ status, finishedAt });
    await this.writeSteps([step]);
    await this.writeManifest({ status, finishedAt });
    await this.appendTrace("node_outcome", { nodeId: "reply", attemptId: "reply#1" }, { outcome: "ok" });
    await this.appendTrace(status === "completed" ? "run_completed" : "run_failed");
  }

  writeManifest(fields: Record<string, unknown> = {}): Promise<void> {
    const session = `sessions/${this.sessionId}`;
    return this.writeJson("manifest.json", {
      schema: "acpx.flow-run-bundle.v1",
      runId: this.runId,
      flowName: "small-talk",
      startedAt: this.#startedAt,
      status: "running",
      traceSchema: "acpx.flow-trace-event.v1",
      paths: {
        flow: "flow.json",
        trace: "trace.ndjson",
        runProjection: "projections/run.json",
        liveProjection: "projections/live.json",
        stepsProjection: "projections/steps.json",
        sessionsDir: "sessions",
        artifactsDir: "artifacts",
      },
      sessions: [
        {
          id: this.sessionId,
          handle: "main",
          bindingPath: `${session}/binding.json`,
          recordPath: `${session}/record.json`,
          eventsPath: `${session}/events.ndjson`,
        },
      ],
      ...fields,
    });
  }

  writeFlow(): Promise<void> {
    return this.writeJson("flow.json", {
      schema: "acpx.flow-definition-snapshot.v1",
      name: "small-talk",
      startAt: "reply",
      nodes: { reply: { nodeType: "acp" } },
      edges: [],
    });
  }

  writeRun(fields: Record<string, unknown>): Promise<void> {
    return this.writeJson("projections/run.json", { ...this.#common(), ...fields });
  }

  writeLive(fields: Record<string, unknown>): Promise<void> {
    return this.writeJson("projections/live.json", { ...this.#common(), ...fields });
  }

  writeSteps(steps: readonly unknown[]): Promise<void> {
    return this.writeJson("projections/steps.json", steps);
  }

  appendTrace(type: string, fields: Record<string, unknown> = {}, payload: unknown = {}): Promise<void> {
    this.#traceSeq += 1;
    const event = { seq: this.#traceSeq, at: this.#at(), runId: this.runId, scope: "run", type };
    return this.append("trace.ndjson", `${JSON.stringify({ ...event, ...fields, payload })}\n`);
  }

  /** One streamed chunk: one line appended to the session's events. */
  appendChunk(text: string): Promise<void> {
    return this.append(this.eventsFile, this.chunkLine(text));
  }

  chunkLine(text: string): string {
    this.#eventSeq += 1;
    const update = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
    const message = { jsonrpc: "2.0", method: "session/update", params: { sessionId: "s", update } };
    return `${JSON.stringify({ seq: this.#eventSeq, at: this.#at(), direction: "inbound", message })}\n`;
  }

  get eventsFile(): string {
    return `sessions/${this.sessionId}/events.ndjson`;
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  async append(name: string, text: string | Buffer): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await appendFile(this.path(name), text);
  }

  /** By a temporary name and a rename, as acpx does. */
  async writeJson(name: string, value: unknown): Promise<void> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.1.tmp`, JSON.stringify(value, null, 2));
    await rename(`${path}.1.tmp`, path);
  }

  #at(): string {
    return new Date(Date.parse(this.#startedAt) + 10 * (this.#traceSeq + this.#eventSeq)).toISOString();
  }

  #common(): Record<string, unknown> {
    return {
      runId: this.runId,
      flowName: "small-talk",
      startedAt: this.#startedAt,
      updatedAt: this.#at(),
      sessionBindings: {},
    };
  }
}
