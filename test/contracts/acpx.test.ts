import { basename, dirname } from "node:path";
import * as v from "valibot";
import { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { traceRow } from "../../src/protocol/outline.ts";
import { noted, saidIn } from "../../src/protocol/said.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { sourceContract } from "./source-contract.ts";
import { firstSessionRow } from "../helpers/first-session-row.ts";

sourceContract({
  name: "acpx",
  source: acpxSource,
  async write(dir) {
    const run = await new AcpxRun(dirname(dir), basename(dir)).begin();
    for (const word of ["Grüße ", "aus ", "der ", "Ferne 🚀"]) await run.appendChunk(word);
    await run.finish();
  },
  isLog: (file) => file.endsWith(".ndjson"),
  someLog: "sessions/main-0001/events.ndjson",
  logName: "sessions/main-0001",
  logPath: ["sessions", "main-0001", "events"],
  line: (number) => `${JSON.stringify(sessionEvent(number))}\n`,
  stampOf: (item) => Date.parse(v.parse(SessionEvent, item).at),
  rowOf: (item, line, at) => firstSessionRow(v.parse(SessionEvent, item), line, at),
  saidIn: (item) => saidIn(v.parse(SessionEvent, item)),
});

sourceContract({
  name: "acpx, its trace",
  source: acpxSource,
  async write(dir) {
    const run = await new AcpxRun(dirname(dir), basename(dir)).begin();
    await run.appendChunk("word");
    await run.finish();
  },
  isLog: (file) => file.endsWith(".ndjson"),
  someLog: "trace.ndjson",
  logName: "trace",
  logPath: ["trace"],
  line: (number) => `${JSON.stringify(traceEvent(number))}\n`,
  stampOf: (item) => Date.parse(v.parse(TraceEvent, item).at),
  rowOf: (item, line, at) => traceRow(v.parse(TraceEvent, item), line, at),
  saidIn: (item) => noted(v.parse(TraceEvent, item)),
});

/** Times mostly rise; now and then a clock was set back, and some stamps have no milliseconds. */
function at(number: number): string {
  const time = Date.parse("2026-01-02T03:04:05.000Z") + number * 40 - (number % 97 === 0 ? 60_000 : 0);
  const stamp = new Date(time).toISOString();
  return number % 31 === 0 ? stamp.replace(/\.\d+Z/, "Z") : stamp;
}

function sessionEvent(number: number): object {
  const seq = number + 1;
  const update = (fields: object) => ({
    jsonrpc: "2.0",
    method: "session/update",
    params: { sessionId: "s", update: fields },
  });
  const inbound = (message: object) => ({ seq, at: at(number), direction: "inbound", message });
  const chunk = (kind: string) =>
    inbound(update({ sessionUpdate: kind, content: { type: "text", text: `word ${number} "at":"x" }}}}` } }));
  const toolCallId = `call-${Math.floor(number / 10)}`;
  switch (number % 10) {
    case 0:
      return {
        ...inbound({ jsonrpc: "2.0", id: number, method: "session/prompt", params: { prompt: [] } }),
        direction: "outbound",
      };
    case 1:
      return inbound(
        update({ sessionUpdate: "tool_call", toolCallId, title: "Read", kind: "read", status: "pending" }),
      );
    case 2:
      return inbound(update({ sessionUpdate: "tool_call_update", toolCallId, status: "completed" }));
    case 3:
      return inbound(update({ sessionUpdate: "plan", entries: [] }));
    case 4:
      return inbound({ jsonrpc: "2.0", id: number - 4, result: { stopReason: "end_turn" } });
    case 5:
      return chunk("agent_thought_chunk");
    // The same, but with its members in another order than acpx writes them.
    case 6: {
      const { message, ...rest } = inbound(
        update({ content: {}, sessionUpdate: "tool_call", toolCallId: `${toolCallId}b` }),
      );
      return { message, ...rest };
    }
    default:
      return chunk("agent_message_chunk");
  }
}

function traceEvent(number: number): object {
  const attemptId = `reply#${Math.floor(number / 8)}`;
  const line = (type: string, more: object) => ({
    seq: number + 1,
    at: at(number),
    runId: "r",
    scope: "node",
    type,
    ...more,
  });
  const node = { nodeId: "reply", attemptId };
  switch (number % 8) {
    case 0:
      return line("node_started", { ...node, payload: { nodeType: "acp", statusDetail: "At work" } });
    case 1:
      return line("acp_prompt_prepared", { ...node, sessionId: "main-0001", payload: {} });
    case 2:
      return line("node_heartbeat", { ...node, payload: { statusDetail: "Still at work" } });
    case 3:
      return line("node_heartbeat", { ...node, payload: {} });
    case 4:
      return line("node_outcome", { ...node, payload: { outcome: "failed", error: "x".repeat(1_000) } });
    case 5:
      return line("run_failed", { payload: {} });
    default:
      return line("artifact_written", { ...node, payload: { outcome: "none" } });
  }
}
