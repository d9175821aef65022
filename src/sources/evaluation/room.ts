import type { GraderResult, TestResult } from "../../protocol/test-lines.ts";
import type { Talk } from "./evaluation-draft.ts";

/**
 * What a run's translated lines may take in memory. Past it what was said in its tests is cut
 * short, and said to be, and graders and results are told by their figures alone.
 */
export const MOST_BYTES = 256 * 1024 * 1024;
/** Of a long text that there is no room for. */
const FEW_CHARS = 1_000;

/** Ends a test's talk after its first lines: with a word on it, and with an answer to what was asked last. */
export function endOfTalk(talk: readonly Talk[], told: number): Talk[] {
  const text = `… (${talk.length - told} more messages are not shown: the run has said too much to be held.)`;
  const update = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
  const prompt = talk.slice(0, told).findLast(({ message }) => message["method"] === "session/prompt");
  const note: Talk = {
    direction: "inbound",
    message: { jsonrpc: "2.0", method: "session/update", params: { update } },
  };
  if (prompt === undefined) return [note];
  const result = { stopReason: "end_turn" };
  return [note, { direction: "inbound", message: { jsonrpc: "2.0", id: prompt.message["id"], result } }];
}

export function shortGrader(result: GraderResult): GraderResult {
  const message = "What it said is not shown: the run has said too much to be held.";
  return { ...result, message, assertions: null };
}

export function shortResult(result: TestResult): TestResult {
  return { ...result, error: result.error?.slice(0, FEW_CHARS) };
}
