import type { RunsState, RunState } from "../src/protocol/bundle.ts";
import type { LiveClient, Received } from "./live-client.ts";

/** Makes the line `pnpm smoke` prints for a message: time, type, version, ops, bytes, and what changed. */
export function describeMessage(client: LiveClient): (received: Received) => string {
  let counts = new Map<string, number>();
  let facts = new Map<string, string>();

  return ({ message, bytes }) => {
    const before = { counts, facts };
    const fields = [clockTime(new Date()), message.type.padEnd(13)];
    switch (message.type) {
      case "runs_snapshot":
      case "run_snapshot":
        fields.push(`v${message.version}`, `epoch ${message.epoch}`, `${bytes} B`);
        break;
      case "runs_patch":
      case "run_patch":
        fields.push(
          `v${message.fromVersion} -> v${message.toVersion}`,
          `${message.ops.length} ops`,
          `${bytes} B`,
        );
        break;
      case "error":
        return [...fields, message.code, message.message].join("  ");
      case "ready":
        return [...fields, message.protocol].join("  ");
      case "pong":
        return fields.join("  ");
    }
    const run = "runId" in message ? client.run(message.runId) : undefined;
    if (run !== undefined) ({ counts, facts } = lookAtRun(run.state));
    else if (client.runs !== undefined) return [...fields, listFacts(client.runs.state)].join("  ");
    const changed = [changes(before.counts, counts), changes(before.facts, facts)].filter(
      (part) => part !== "",
    );
    const [op] = "ops" in message ? message.ops : [];
    if (changed.length === 0 && op !== undefined) changed.push(`${op.op} ${op.path}`);
    return [...fields, ...changed].join("  ");
  };
}

function lookAtRun(run: RunState): { counts: Map<string, number>; facts: Map<string, string> } {
  const counts = new Map([
    ["trace", run.trace.length],
    ["steps", run.steps.length],
  ]);
  for (const [id, session] of Object.entries(run.sessions)) counts.set(`${id} events`, session.events.length);
  const facts = new Map<string, string>([["status", run.status]]);
  const { currentAttemptId, lastHeartbeatAt } = run.run;
  facts.set("at", currentAttemptId ?? "no step");
  if (typeof lastHeartbeatAt === "string") facts.set("heartbeat", lastHeartbeatAt.slice(11, 19));
  if (run.problems.count > 0) counts.set("problems", run.problems.count);
  return { counts, facts };
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
