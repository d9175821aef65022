import type { AcpxRun } from "../helpers/acpx-run.ts";

/** Writes a run that is longer than what a page is sent of it at once. */

const STARTED = Date.parse("2026-01-02T03:04:05.000Z");

export const at = (ms: number) => new Date(STARTED + ms).toISOString();
export const jsonl = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

/** Turns `from` up to `to`, a second each: a step, a prompt, a thought, a tool call and an answer, 18 lines. */
export async function appendTurns(run: AcpxRun, from: number, to: number): Promise<void> {
  const events: object[] = [];
  const trace: object[] = [];
  for (let turn = from; turn < to; turn += 1) {
    const node = { nodeId: `work_${turn % 3}`, attemptId: `work_${turn % 3}#${Math.floor(turn / 3) + 1}` };
    const start = 1000 + turn * 1000;
    const line = (ms: number, message: object) =>
      events.push({
        seq: events.length + 1,
        at: at(start + ms),
        direction: "inbound",
        message: { jsonrpc: "2.0", ...message },
      });
    const update = (ms: number, fields: object) =>
      line(ms, { method: "session/update", params: { sessionId: "s", update: fields } });
    const chunk = (ms: number, kind: string, text: string) =>
      update(ms, { sessionUpdate: `${kind}_chunk`, content: { type: "text", text } });
    const traced = (ms: number, type: string, payload: object) =>
      trace.push({ seq: trace.length + 10, at: at(start + ms), type, ...node, payload });
    traced(0, "node_started", { nodeType: "acp" });
    trace.push({
      seq: trace.length + 10,
      at: at(start + 5),
      type: "acp_prompt_prepared",
      ...node,
      sessionId: run.sessionId,
      payload: {},
    });
    const prompt = [{ type: "text", text: `Do part ${turn}.` }];
    line(10, { id: turn, method: "session/prompt", params: { prompt } });
    chunk(20, "agent_thought", `About ${turn}. `);
    update(30, { sessionUpdate: "plan", entries: [{ content: `Plan ${turn}`, status: "pending" }] });
    update(40, { sessionUpdate: "tool_call", toolCallId: `c${turn}`, title: `Look ${turn}`, kind: "read" });
    for (let word = 0; word < 12; word += 1) chunk(100 + word * 50, "agent_message", `t${turn}w${word} `);
    update(800, { sessionUpdate: "tool_call_update", toolCallId: `c${turn}`, status: "completed" });
    line(900, { id: turn, result: { stopReason: "end_turn" } });
    traced(950, "node_outcome", { outcome: turn % 7 === 0 ? "failed" : "ok", error: null });
  }
  await run.append(run.eventsFile, jsonl(events));
  await run.append("trace.ndjson", jsonl(trace));
}

/** A part of what the agent says, so long after the run's start. */
export function chunkLine(ms: number, text: string): string {
  const update = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
  const message = { jsonrpc: "2.0", method: "session/update", params: { sessionId: "s", update } };
  return `${JSON.stringify({ seq: 1, at: at(ms), direction: "inbound", message })}\n`;
}
