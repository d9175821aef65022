import { mkdir } from "node:fs/promises";
import { playTurn } from "./agent-turn.ts";
import { BundleWriter } from "./bundle-writer.ts";
import { type Clock, realClock } from "./clock.ts";
import { createIds, type Ids, runIdOf } from "./ids.ts";
import { Pace } from "./pace.ts";
import { type CurrentNode, durationOf, type SessionBinding, type StepRecord } from "./run-record.ts";
import { bindingFor } from "./session-binding.ts";
import { SessionWriter } from "./session-writer.ts";
import { reviewPullRequest } from "./story.ts";
import type {
  AcpStep,
  ActionStep,
  CheckpointStep,
  ComputeStep,
  Story,
  StoryEnd,
  StoryStep,
} from "./story-shape.ts";

export interface DemoOptions {
  readonly runsDir: string;
  /** 1 takes about 40 seconds; 10 a tenth of it. */
  readonly speed?: number;
  /** The same seed gives the same ids and the same chunks. */
  readonly seed?: string;
  readonly clock?: Clock;
  /** Aborting ends the run as a terminated acpx does. */
  readonly signal?: AbortSignal;
  readonly story?: Story;
  /** Called once with the run's folder, and after each step with a line about it. */
  readonly onLine?: (line: string) => void;
}

export interface DemoResult {
  readonly runId: string;
  readonly dir: string;
  readonly status: StoryEnd | "interrupted";
}

class Interrupted extends Error {}

/** Writes one run, live, into `runsDir`; resolves when the run has ended. */
export async function playDemo(options: DemoOptions): Promise<DemoResult> {
  const { runsDir, clock = realClock, story = reviewPullRequest, signal, onLine } = options;
  const ids = createIds(options.seed);
  const startedAt = clock.now();
  const { flowName, runTitle, flowPath, input } = story;
  const runId = runIdOf(startedAt, flowName, ids.uuid());
  const identity = { runId, flowName, runTitle, flowPath, startedAt: startedAt.toISOString(), input };
  await mkdir(runsDir, { recursive: true });
  const bundle = new BundleWriter(runsDir, identity, clock);
  await bundle.start(story.flow);
  onLine?.(`${runTitle}: ${bundle.dir}`);
  const play = new StoryPlayer(story, bundle, clock, ids, options.speed ?? 1, signal);
  try {
    let error = "";
    for (const step of story.steps) {
      const done = await play.step(step);
      const took = (durationOf(done.startedAt, done.finishedAt) / 1_000).toFixed(1);
      error = done.error ?? "";
      onLine?.(
        `${done.attemptId}  ${done.outcome}  ${took} s${done.error === undefined ? "" : `  ${done.error}`}`,
      );
    }
    const { ends = "completed" } = story;
    if (ends === "completed") await bundle.complete();
    if (ends === "failed") await bundle.fail(error);
    return { runId, dir: bundle.dir, status: ends };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await bundle.fail("Interrupted");
    return { runId, dir: bundle.dir, status: "interrupted" };
  }
}

class StoryPlayer {
  readonly #story: Story;
  readonly #bundle: BundleWriter;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #pace: Pace;
  readonly #signal: AbortSignal | undefined;
  #main: SessionWriter | undefined;

  constructor(
    story: Story,
    bundle: BundleWriter,
    clock: Clock,
    ids: Ids,
    speed: number,
    signal?: AbortSignal,
  ) {
    this.#story = story;
    this.#bundle = bundle;
    this.#clock = clock;
    this.#ids = ids;
    this.#pace = new Pace(clock, speed, signal);
    this.#signal = signal;
  }

  step(step: StoryStep): Promise<StepRecord> {
    switch (step.kind) {
      case "action":
        return this.#action(step);
      case "acp":
        return this.#acp(step);
      case "compute":
        return this.#compute(step);
      case "checkpoint":
        return this.#checkpoint(step);
    }
  }

  async #checkpoint({ nodeId, summary }: CheckpointStep): Promise<StepRecord> {
    const node = await this.#bundle.startNode(nodeId, "checkpoint", `Running checkpoint node ${nodeId}`);
    const output = { checkpoint: nodeId, summary };
    const step = this.#stepOf(node, { output, trace: { outputInline: output } });
    await this.#bundle.waitAt(node, step, summary);
    return step;
  }

  async #action(step: ActionStep): Promise<StepRecord> {
    const node = await this.#bundle.startNode(step.nodeId, "action", step.statusDetail);
    await this.#firstBeat(
      node,
      `shell: ${step.command} ${step.args.map((arg) => JSON.stringify(arg)).join(" ")}`,
    );
    const { command, args } = step;
    const call = { actionType: "shell", command, args, cwd: this.#story.cwd };
    await this.#bundle.traceAction(node, "action_prepared", { action: call });
    const calledAt = this.#now();
    await this.#wait(node, step.takes);
    const action = { ...call, exitCode: 0, signal: null, durationMs: durationOf(calledAt, this.#now()) };
    const stdoutArtifact = await this.#bundle.artifact(node, step.stdout, "text/plain");
    const stderrArtifact = await this.#bundle.artifact(node, step.stderr, "text/plain");
    await this.#bundle.traceAction(node, "action_completed", { action, stdoutArtifact, stderrArtifact });
    const trace = { action, stdoutArtifact, stderrArtifact, ...(await this.#output(node, step.output)) };
    return this.#finish(node, { rawText: step.stdout, output: step.output, trace });
  }

  async #compute(step: ComputeStep): Promise<StepRecord> {
    const node = await this.#bundle.startNode(step.nodeId, "compute", `Running compute node ${step.nodeId}`);
    this.#pace.expectBeat();
    await this.#wait(node, step.takes);
    return this.#finish(node, { output: step.output, trace: await this.#output(node, step.output) });
  }

  async #acp(step: AcpStep): Promise<StepRecord> {
    const node = await this.#bundle.startNode(step.nodeId, "acp", `Running acp node ${step.nodeId}`);
    await this.#firstBeat(node, `ACP: ${step.prompt.split("\n", 1).join("")}`);
    const promptArtifact = await this.#bundle.artifact(node, step.prompt, "text/plain");
    const session = await this.#session(step, node);
    const { bundleId: sessionId } = session.binding;
    await this.#bundle.traceAcp(node, "acp_prompt_prepared", sessionId, { promptArtifact });
    if (step.session === "isolated") await session.handshake();
    await session.prompt(step.prompt);
    await playTurn(step.turn, session, this.#ids, (ms) => this.#wait(node, ms));
    const { reply, conversation } = await session.endTurn(step.usage);
    const rawResponseArtifact = await this.#bundle.artifact(node, reply, "text/plain", sessionId);
    const said = { sessionId, promptArtifact, conversation, rawResponseArtifact };
    const common = { promptText: step.prompt, rawText: reply, session: session.binding };
    const { result } = step;
    if ("error" in result) return this.#finish(node, { ...common, error: result.error, trace: said });
    await this.#bundle.traceAcp(node, "acp_response_parsed", sessionId, {
      conversation,
      rawResponseArtifact,
    });
    const trace = { ...said, ...(await this.#output(node, result.output)) };
    return this.#finish(node, { ...common, output: result.output, trace });
  }

  /** The main session is opened by the first step that needs it, and then shared. */
  async #session(step: AcpStep, node: CurrentNode): Promise<SessionWriter> {
    if (step.session === "main" && this.#main !== undefined) {
      await this.#main.saveBinding();
      return this.#main;
    }
    await this.#wait(node, 400);
    const isolatedFor = step.session === "isolated" ? node.attemptId : undefined;
    const binding = bindingFor(this.#story, this.#ids.uuid(), isolatedFor);
    const session = new SessionWriter(this.#bundle.dir, binding, this.#clock, this.#ids);
    await session.create();
    await this.#bundle.bindSession(binding);
    if (isolatedFor === undefined) this.#main = session;
    return session;
  }

  /** Where the output stands: in the trace when it is small, else in an artifact. */
  async #output(node: CurrentNode, output: unknown): Promise<object> {
    if (JSON.stringify(output).length <= 200) return { outputInline: output };
    const text = `${JSON.stringify(output, null, 2)}\n`;
    return { outputArtifact: await this.#bundle.artifact(node, text, "application/json") };
  }

  async #finish(node: CurrentNode, end: NodeEnd): Promise<StepRecord> {
    const step = this.#stepOf(node, end);
    await this.#bundle.finishNode(node, step);
    return step;
  }

  #stepOf(node: CurrentNode, end: NodeEnd): StepRecord {
    const { promptText = null, rawText = null, session = null, trace } = end;
    return {
      attemptId: node.attemptId,
      nodeId: node.nodeId,
      nodeType: node.nodeType,
      outcome: end.error === undefined ? "ok" : "failed",
      startedAt: node.startedAt,
      finishedAt: this.#now(),
      promptText,
      rawText,
      ...(end.error === undefined ? { output: end.output } : { error: end.error }),
      session,
      agent: session && {
        agentName: session.agentName,
        agentCommand: session.agentCommand,
        cwd: session.cwd,
      },
      trace: { ...trace },
    };
  }

  async #firstBeat(node: CurrentNode, statusDetail: string): Promise<void> {
    await this.#bundle.heartbeat(node, statusDetail);
    this.#pace.expectBeat();
  }

  async #wait(node: CurrentNode, ms: number): Promise<void> {
    await this.#pace.wait(ms, () => this.#bundle.heartbeat(node));
    if (this.#signal?.aborted === true) throw new Interrupted();
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

interface NodeEnd {
  readonly promptText?: string;
  readonly rawText?: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly session?: SessionBinding;
  readonly trace: object;
}
