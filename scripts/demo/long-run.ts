import { appendFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonText } from "./atomic-file.ts";
import { createIds, runIdOf } from "./ids.ts";
import { type Conversation, RunRecord, type SessionBinding } from "./run-record.ts";
import { bindingFor } from "./session-binding.ts";
import { reviewPullRequest } from "./story.ts";

export interface LongRunOptions {
  readonly runsDir: string;
  /** Lines in the session's events.ndjson. */
  readonly events: number;
  /** Finished steps, over which the events are spread; one more is at work. */
  readonly steps: number;
  readonly bytesPerLine?: number;
}

export interface LongRun {
  readonly runId: string;
  readonly dir: string;
  readonly sessionId: string;
  readonly eventsFile: string;
  /** Appends one chunk of the agent's text and gives the line's bytes. Synchronous, so that a caller can time it. */
  appendEvent(text: string): number;
}

/** Writes a run that is still running, all at once: for the bench, and for tests that need length rather than a story. */
export async function writeLongRun(options: LongRunOptions): Promise<LongRun> {
  const { runsDir, events, steps, bytesPerLine = 280 } = options;
  const ids = createIds();
  const now = new Date();
  const startedAt = new Date(now.getTime() - events * 20);
  const { flowPath } = reviewPullRequest;
  const flowName = "long-run";
  const runId = runIdOf(now, flowName, ids.uuid());
  const identity = {
    runId,
    flowName,
    runTitle: `${events} events`,
    flowPath,
    startedAt: startedAt.toISOString(),
  };
  const record = new RunRecord({ ...identity, input: { events } });
  const binding = bindingFor(reviewPullRequest, ids.uuid());
  record.bind(binding);

  const trace = [
    traceLine(1, runId, "run", "run_started", identity.startedAt, { payload: { flowName, flowPath } }),
  ];
  for (let step = 0; step < steps; step += 1) {
    const range = rangeOf(step, steps, events, binding.bundleId);
    const startAt = new Date(startedAt.getTime() + range.eventStartSeq * 20).toISOString();
    const endAt = new Date(startedAt.getTime() + range.eventEndSeq * 20).toISOString();
    trace.push(...finishStep(record, binding, range, startAt, endAt, trace.length));
  }
  const at = now.toISOString();
  const current = record.beginNode("work", "acp", "ACP: Go on", at);
  const { nodeId, attemptId } = current;
  const started = { nodeId, attemptId, payload: { nodeType: "acp", statusDetail: "ACP: Go on" } };
  trace.push(traceLine(trace.length + 1, runId, "node", "node_started", at, started));

  const lines: string[] = [];
  for (let seq = 1; seq <= events; seq += 1) {
    const eventAt = new Date(startedAt.getTime() + seq * 20).toISOString();
    const bare = chunkLine(seq, eventAt, binding.acpSessionId, `word ${seq} `);
    const padding = ".".repeat(Math.max(0, bytesPerLine - Buffer.byteLength(bare)));
    lines.push(chunkLine(seq, eventAt, binding.acpSessionId, `word ${seq} ${padding}`));
  }

  const dir = join(runsDir, runId);
  const sessionDir = join(dir, "sessions", binding.bundleId);
  const eventsFile = join(sessionDir, "events.ndjson");
  await Promise.all([
    mkdir(sessionDir, { recursive: true }),
    mkdir(join(dir, "projections"), { recursive: true }),
    mkdir(join(dir, "artifacts"), { recursive: true }),
  ]);
  await writeFile(eventsFile, lines.join(""));
  await writeFile(join(sessionDir, "binding.json"), jsonText(binding));
  await writeFile(
    join(sessionDir, "record.json"),
    jsonText({ schema: "acpx.session.v1", lastSeq: events, messages: [] }),
  );
  await writeFile(join(dir, "flow.json"), jsonText(FLOW));
  await writeFile(join(dir, "projections", "run.json"), jsonText(record.run()));
  await writeFile(join(dir, "projections", "live.json"), jsonText(record.live()));
  await writeFile(join(dir, "projections", "steps.json"), jsonText(record.steps));
  await writeFile(join(dir, "trace.ndjson"), trace.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeFile(join(dir, "manifest.json"), jsonText(record.manifest()));

  let seq = events;
  return {
    runId,
    dir,
    sessionId: binding.bundleId,
    eventsFile,
    appendEvent(text) {
      seq += 1;
      const line = chunkLine(seq, new Date().toISOString(), binding.acpSessionId, text);
      appendFileSync(eventsFile, line);
      return Buffer.byteLength(line);
    },
  };
}

const FLOW = {
  schema: "acpx.flow-definition-snapshot.v1",
  name: "long-run",
  startAt: "work",
  nodes: { work: { nodeType: "acp", session: {}, cwd: { mode: "default" }, hasPrompt: true } },
  edges: [{ from: "work", to: "work" }],
};

/** The step's even share of the events. Each turn is a prompt and an answer: two messages. */
function rangeOf(step: number, steps: number, events: number, sessionId: string): Conversation {
  const eventStartSeq = Math.floor((step * events) / steps) + 1;
  const eventEndSeq = Math.max(eventStartSeq, Math.floor(((step + 1) * events) / steps));
  return { sessionId, messageStart: step * 2, messageEnd: step * 2 + 1, eventStartSeq, eventEndSeq };
}

function finishStep(
  record: RunRecord,
  session: SessionBinding,
  conversation: Conversation,
  startedAt: string,
  finishedAt: string,
  seq: number,
): object[] {
  const { runId } = record.identity;
  const { nodeId, attemptId } = record.beginNode("work", "acp", "ACP: Go on", startedAt);
  const { agentName, agentCommand, cwd } = session;
  record.addStep({
    attemptId,
    nodeId,
    nodeType: "acp",
    outcome: "ok",
    startedAt,
    finishedAt,
    promptText: "Go on.",
    rawText: "Done.",
    output: { done: true },
    session,
    agent: { agentName, agentCommand, cwd },
    trace: { sessionId: session.bundleId, conversation, outputInline: { done: true } },
  });
  const node = { nodeId, attemptId };
  const outcome = { nodeType: "acp", outcome: "ok", error: null, sessionId: session.bundleId, conversation };
  return [
    traceLine(seq + 1, runId, "node", "node_started", startedAt, { ...node, payload: { nodeType: "acp" } }),
    traceLine(seq + 2, runId, "node", "node_outcome", finishedAt, { ...node, payload: outcome }),
  ];
}

function traceLine(
  seq: number,
  runId: string,
  scope: string,
  type: string,
  at: string,
  more: object,
): object {
  return { seq, at, runId, scope, type, ...more };
}

function chunkLine(seq: number, at: string, sessionId: string, text: string): string {
  const update = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
  const message = { jsonrpc: "2.0", method: "session/update", params: { sessionId, update } };
  return `${JSON.stringify({ seq, at, direction: "inbound", message })}\n`;
}
