import { SessionEvent, TraceEvent } from "../../protocol/bundle.ts";
import { sessionRows, traceRows } from "../../protocol/outline.ts";
import { noted, saidIn } from "../../protocol/said.ts";
import { isHeartbeat } from "../../protocol/quiet.ts";
import type { LineKind } from "../paged-lines.ts";

/**
 * What the lines of acpx's logs are. acpx writes the members of a line in one
 * order, so the beginning of most lines says that they are no part of the
 * outline. It is matched from the first byte on, and no string in it may hold
 * anything escaped: so nothing that an agent said can pass for it. Any other
 * line is read whole.
 */

const STAMP = String.raw`\{"seq":\d+,"at":"([^"\\]{10,40})"`;
const PLAIN = String.raw`"[^"\\]*"`;

/** A part of a message or of a thought. */
const CHUNK = new RegExp(
  String.raw`^${STAMP},"direction":"(?:in|out)bound","message":\{"jsonrpc":"2\.0","method":"session/update",` +
    String.raw`"params":\{"sessionId":${PLAIN},"update":\{"sessionUpdate":"(?:agent_message|agent_thought|user_message)_chunk"`,
);

/** A line of the trace that neither begins nor ends anything. */
const SIDE_LINE = new RegExp(
  String.raw`^${STAMP},"runId":${PLAIN},"scope":${PLAIN},"type":"(?:artifact_written|acp_response_parsed|action_prepared|action_completed|session_bound)"`,
);

export const sessionLines: LineKind<SessionEvent> = {
  schema: SessionEvent,
  stampOf: (event) => event.at,
  rowsOf: sessionRows,
  saidIn,
  isHeartbeat: () => false,
  skim: (beginning) => CHUNK.exec(beginning)?.[1] ?? null,
};

export const traceLines: LineKind<TraceEvent> = {
  schema: TraceEvent,
  stampOf: (event) => event.at,
  rowsOf: traceRows,
  saidIn: noted,
  isHeartbeat,
  skim: (beginning) => SIDE_LINE.exec(beginning)?.[1] ?? null,
};
