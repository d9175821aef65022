import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { traceRow } from "../../src/protocol/outline.ts";
import { StepTable } from "../../viewer/playback/step-table.ts";

/** Runs made of a few words each, for tests of what the page works out from them. */

export const T0 = Date.parse("2026-03-01T10:00:00.000Z");

export function stamp(ms: number): string {
  return new Date(T0 + ms).toISOString();
}

export function traced(
  seq: number,
  ms: number,
  type: string,
  attemptId?: string,
  payload: Record<string, unknown> = {},
): TraceEvent {
  const of = attemptId === undefined ? {} : { attemptId, nodeId: attemptId.replace(/#\d+$/, "") };
  return { seq, at: stamp(ms), type, payload, ...of };
}

export function said(seq: number, ms: number, message: Record<string, unknown>): SessionEvent {
  return {
    seq,
    at: stamp(ms),
    direction: "id" in message && "method" in message ? "outbound" : "inbound",
    message,
  };
}

export function prompt(id: number, text: string): Record<string, unknown> {
  return { jsonrpc: "2.0", id, method: "session/prompt", params: { prompt: [{ type: "text", text }] } };
}

export function update(fields: Record<string, unknown>): Record<string, unknown> {
  return { jsonrpc: "2.0", method: "session/update", params: { sessionId: "s", update: fields } };
}

export function chunk(kind: "agent_message" | "agent_thought", text: string): Record<string, unknown> {
  return update({ sessionUpdate: `${kind}_chunk`, content: { type: "text", text } });
}

export function answer(id: number, stopReason = "end_turn"): Record<string, unknown> {
  return { jsonrpc: "2.0", id, result: { stopReason } };
}

export function madeRun(parts: Partial<RunState> = {}): RunState {
  return {
    schema: "acpx.viewer-run-live.v1",
    sourceType: "acpx",
    sourceLabel: "acpx",
    status: "running",
    manifest: { runId: "run-1", flowName: "made", startedAt: stamp(0) },
    flow: null,
    run: { startedAt: stamp(0) },
    live: null,
    steps: Log.empty(),
    trace: Log.empty(),
    sessions: {},
    problems: { count: 0, listed: [] },
    ...parts,
  };
}

export function session(id: string, events: readonly SessionEvent[]): RunState["sessions"] {
  return { [id]: { id, binding: null, record: null, events: Log.from(events) } };
}

/** The steps of a trace. */
export function tableOf(events: readonly TraceEvent[]): StepTable {
  const table = new StepTable();
  let latest = Number.NEGATIVE_INFINITY;
  for (const [line, event] of events.entries()) {
    const time = Date.parse(event.at);
    if (time > latest) latest = time;
    const row = traceRow(event, line, latest);
    if (row !== null) table.add(row);
  }
  return table;
}
