import type { RunsState, RunState } from "../src/protocol/bundle.ts";
import { traceRow } from "../src/protocol/outline.ts";
import type { PatchOp } from "../src/protocol/patch.ts";
import { decodeOps } from "../src/protocol/wire-ops.ts";
import type { LiveClient, Received } from "./live-client.ts";

/** Makes the line `pnpm smoke` prints for a message: time, type, version, ops, bytes, and what changed. */
export function describeMessage(client: LiveClient): (received: Received) => string {
  let counts = new Map<string, number>();
  let facts = new Map<string, string>();

  return ({ message, runId, bytes }) => {
    const before = { counts, facts };
    const fields = [clockTime(new Date()), message.type.padEnd(13)];
    let ops: readonly PatchOp[] = [];
    switch (message.type) {
      case "runs_snapshot":
      case "run_snapshot":
        fields.push(`v${message.version}`, `epoch ${message.epoch}`, `${bytes} B`);
        if (message.reason !== undefined) fields.push(message.reason);
        break;
      case "runs_resumed":
      case "run_resumed":
        fields.push(`v${message.version}`, `epoch ${message.epoch}`);
        break;
      case "runs_patch":
      case "run_patch":
        ops = message.ops;
        fields.push(`v${message.fromVersion} -> v${message.toVersion}`, `${ops.length} ops`, `${bytes} B`);
        break;
      case "patch":
        ops = decodeOps(message.ops);
        fields.push(`v${message.from} -> v${message.to}`, `${ops.length} ops`, `${bytes} B`);
        break;
      case "error":
        return [...fields, message.code, message.message].join("  ");
      case "ready":
        return [...fields, message.protocol].join("  ");
      case "pong":
        return fields.join("  ");
    }
    const run = runId === undefined ? undefined : client.run(runId);
    if (run !== undefined) ({ counts, facts } = lookAtRun(run.state));
    else if (client.runs !== undefined) return [...fields, listFacts(client.runs.state)].join("  ");
    const changed = [changes(before.counts, counts), changes(before.facts, facts)].filter(
      (part) => part !== "",
    );
    const [op] = ops;
    if (changed.length === 0 && op !== undefined) changed.push(`${op.op} ${op.path}`);
    return [...fields, ...changed].join("  ");
  };
}

function lookAtRun(run: RunState): { counts: Map<string, number>; facts: Map<string, string> } {
  const counts = new Map([["trace", run.trace.length]]);
  if (run.steps.length > 0) counts.set("steps", run.steps.length);
  else counts.set(...endedSteps(run));
  for (const [id, session] of Object.entries(run.sessions)) counts.set(`${id} events`, session.events.length);
  const facts = new Map<string, string>([["status", run.status]]);
  const { currentAttemptId, lastHeartbeatAt } = run.run;
  facts.set("at", currentAttemptId ?? "no step");
  if (typeof lastHeartbeatAt === "string") facts.set("heartbeat", lastHeartbeatAt.slice(11, 19));
  if (run.problems.count > 0) counts.set("problems", run.problems.count);
  return { counts, facts };
}

/** Of a run whose steps are not sent: the ends of attempts in the part of its trace that is held. */
function endedSteps({ trace }: RunState): [name: string, count: number] {
  const from = trace.heldFrom;
  let ended = 0;
  for (const [line, event] of trace.entries(from, trace.length)) {
    if (traceRow(event, line, 0)?.is === "end") ended += 1;
  }
  return [from === 0 ? "steps" : `steps from line ${from} on`, ended];
}

function listFacts(runs: RunsState): string {
  const newest = runs.order[0];
  const first = newest === undefined ? undefined : runs.runsById[newest];
  return first === undefined
    ? "no runs"
    : `${runs.order.length} runs, newest ${first.runTitle ?? first.flowName} ${first.status}`;
}

function changes(
  before: ReadonlyMap<string, number | string>,
  after: ReadonlyMap<string, number | string>,
): string {
  const changed: string[] = [];
  for (const [name, value] of after) {
    const old = before.get(name);
    if (old === value) continue;
    if (typeof value === "number" && typeof old === "number") changed.push(`${name} +${value - old}`);
    else changed.push(`${name} ${value}`);
  }
  return changed.join(", ");
}

function clockTime(date: Date): string {
  return date.toISOString().slice(11, 23);
}
