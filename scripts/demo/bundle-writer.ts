import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Artifact, type MediaType, storeArtifact } from "./artifacts.ts";
import { appendLine, jsonText, replaceJson } from "./atomic-file.ts";
import type { Clock } from "./clock.ts";
import { type CurrentNode, durationOf, type NodeType, PATHS, RunRecord } from "./run-record.ts";
import type { RunIdentity, SessionBinding, StepRecord } from "./run-record.ts";

/**
 * Writes a run's bundle as acpx 0.19.1 does. The order is the contract a reader
 * lives with: the projections (run, live, steps, manifest) are replaced first,
 * and the line in the trace that tells of the change comes last.
 */
export class BundleWriter {
  readonly dir: string;
  readonly #clock: Clock;
  readonly #record: RunRecord;
  #traceSeq = 0;

  constructor(runsDir: string, identity: RunIdentity, clock: Clock) {
    this.dir = join(runsDir, identity.runId);
    this.#clock = clock;
    this.#record = new RunRecord(identity);
  }

  /** For a moment a manifest and a run are there while live, steps and trace are not. */
  async start(flow: object): Promise<void> {
    const { flowName, flowPath, input } = this.#record.identity;
    await mkdir(this.dir);
    for (const folder of ["projections", "sessions", "artifacts"]) await mkdir(join(this.dir, folder));
    const inputArtifact = await storeArtifact(this.dir, jsonText(input), "application/json");
    await replaceJson(join(this.dir, PATHS.flow), flow);
    await this.#saveManifest();
    await this.#saveRun();
    await this.#saveLive();
    await this.#saveSteps();
    await writeFile(join(this.dir, PATHS.trace), "", { flag: "a" });
    await this.#trace("run", "run_started", { flowName, flowPath, inputArtifact });
  }

  async startNode(nodeId: string, nodeType: NodeType, statusDetail: string): Promise<CurrentNode> {
    const node = this.#record.beginNode(nodeId, nodeType, statusDetail, this.#now());
    await this.#saveProjections();
    await this.#trace("node", "node_started", { nodeType, timeoutMs: 900_000, statusDetail }, node);
    return node;
  }

  /** A beat touches live, manifest and trace only; without a text the last one stands. */
  async heartbeat(node: CurrentNode, statusDetail?: string): Promise<void> {
    this.#record.beat(this.#now(), statusDetail);
    await this.#saveLive();
    await this.#saveManifest();
    await this.#trace("node", "node_heartbeat", { statusDetail: this.#record.statusDetail }, node);
  }

  async bindSession(binding: SessionBinding): Promise<void> {
    const { bundleId: sessionId, handle } = binding;
    const bindingArtifact = await storeArtifact(this.dir, jsonText(binding), "application/json");
    this.#record.bind(binding);
    await this.#saveManifest();
    const payload = { sessionId, handle, bindingArtifact };
    await this.#trace("session", "session_bound", payload, undefined, { sessionId });
  }

  /** An artifact of a node's attempt is told in the trace, even when its file was there already. */
  async artifact(node: CurrentNode, text: string, type: MediaType, sessionId?: string): Promise<Artifact> {
    const artifact = await storeArtifact(this.dir, text, type);
    const more = { ...(sessionId === undefined ? {} : { sessionId }), artifact };
    await this.#trace("artifact", "artifact_written", { artifact }, node, more);
    return artifact;
  }

  async traceAcp(node: CurrentNode, type: string, sessionId: string, payload: object): Promise<void> {
    await this.#trace("acp", type, { sessionId, ...payload }, node, { sessionId });
  }

  async traceAction(node: CurrentNode, type: string, payload: object): Promise<void> {
    await this.#trace("action", type, payload, node);
  }

  async finishNode(node: CurrentNode, step: StepRecord): Promise<void> {
    this.#record.addStep(step);
    await this.#saveProjections();
    await this.#traceOutcome(node, step);
  }

  async #traceOutcome(node: CurrentNode, step: StepRecord): Promise<void> {
    const payload = {
      nodeType: step.nodeType,
      outcome: step.outcome,
      durationMs: durationOf(step.startedAt, step.finishedAt),
      error: step.error ?? null,
      ...step.trace,
    };
    await this.#trace("node", "node_outcome", payload, node);
  }

  /** A checkpoint's outcome is there at once; what comes after it is what waits. */
  async waitAt(node: CurrentNode, step: StepRecord, summary: string): Promise<void> {
    this.#record.addStep(step);
    this.#record.wait(node.nodeId, summary, this.#now());
    await this.#saveProjections();
    await this.#traceOutcome(node, step);
  }

  async complete(): Promise<void> {
    this.#record.end("completed", this.#now());
    await this.#saveProjections();
    await this.#trace("run", "run_completed", { status: "completed" });
  }

  /** The end of a run that was told to stop: its node stays current and never gets an outcome. */
  async fail(error: string): Promise<void> {
    this.#record.end("failed", this.#now(), error);
    await this.#saveProjections();
    await this.#trace("run", "run_failed", { status: "failed", error });
  }

  async #saveProjections(): Promise<void> {
    await this.#saveRun();
    await this.#saveLive();
    await this.#saveSteps();
    await this.#saveManifest();
  }

  async #saveRun(): Promise<void> {
    await replaceJson(join(this.dir, PATHS.runProjection), this.#record.run());
  }

  async #saveLive(): Promise<void> {
    await replaceJson(join(this.dir, PATHS.liveProjection), this.#record.live());
  }

  async #saveSteps(): Promise<void> {
    await replaceJson(join(this.dir, PATHS.stepsProjection), this.#record.steps);
  }

  async #saveManifest(): Promise<void> {
    await replaceJson(join(this.dir, "manifest.json"), this.#record.manifest());
  }

  async #trace(
    scope: string,
    type: string,
    payload: object,
    node?: CurrentNode,
    more: { readonly sessionId?: string; readonly artifact?: Artifact } = {},
  ): Promise<void> {
    this.#traceSeq += 1;
    await appendLine(join(this.dir, PATHS.trace), {
      seq: this.#traceSeq,
      at: this.#now(),
      runId: this.#record.identity.runId,
      scope,
      type,
      nodeId: node?.nodeId,
      attemptId: node?.attemptId,
      ...more,
      payload,
    });
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}
