import type { PlanEntry } from "./acp-update.ts";
import type { LongPlan, PlannedStep } from "./long-plan.ts";
import { longText } from "./long-text.ts";

/**
 * The messages of a long session, one line each.
 *
 *   mixed         in each step a prompt, thoughts, tools, messages of 20 to 60 chunks, now and then
 *                 a plan, and the answer; a step with few events has as much of it as fits
 *   one-message   one prompt, and then one message without an end
 */
export type LongShape = "mixed" | "one-message";

export interface SessionLines {
  readonly acpSessionId: string;
  readonly bytesPerLine: number;
}

export function* sessionLines(plan: LongPlan, shape: LongShape, lines: SessionLines): Generator<string> {
  const texts = new Texts(lines.bytesPerLine);
  let seq = 0;
  for (const message of shape === "mixed" ? mixed(plan, texts, lines) : oneMessage(plan, texts, lines)) {
    seq += 1;
    const { direction, ...rest } = message;
    const line = sessionLine(seq, plan.timeOf(seq), direction, rest);
    texts.took(line.length);
    yield line;
  }
}

/** One chunk of the agent's text, written now. */
export function chunkLine(seq: number, at: string, acpSessionId: string, text: string): string {
  const { direction, ...message } = chunk("agent_message_chunk", acpSessionId, text);
  return sessionLine(seq, at, direction, message);
}

function sessionLine(seq: number, at: string, direction: string, rest: object): string {
  return `${JSON.stringify({ seq, at, direction, message: { jsonrpc: "2.0", ...rest } })}\n`;
}

type Message = { readonly direction: "inbound" | "outbound" } & Readonly<Record<string, unknown>>;

/** Texts that fill lines of different lengths to the average asked for. They read on from one to the next. */
class Texts {
  readonly #bytesPerLine: number;
  #drawn = 0;
  #place = 0;
  /** Bytes that the lines so far have over the average. */
  #over = 0;

  constructor(bytesPerLine: number) {
    this.#bytesPerLine = bytesPerLine;
  }

  /** For a line that has `bare` bytes without it. */
  next(bare: number): string {
    this.#drawn += 1;
    const share = 0.7 + (0.6 * ((this.#drawn * 37) % 101)) / 100;
    const chars = Math.max(4, Math.round(this.#bytesPerLine * share - this.#over) - bare);
    const text = longText(this.#place, chars);
    this.#place += chars;
    return text;
  }

  took(bytes: number): void {
    this.#over += bytes - this.#bytesPerLine;
  }
}

/** Bytes of each kind of line without its text. */
const BARE = { prompt: 215, chunk: 242, call: 430, update: 320, plan: 330 } as const;

function* oneMessage(plan: LongPlan, texts: Texts, { acpSessionId }: SessionLines): Generator<Message> {
  if (plan.events > 0) yield prompt(0, acpSessionId, texts.next(BARE.prompt));
  yield* chunks("agent_message_chunk", plan.events - 1, texts, acpSessionId);
}

function* mixed(plan: LongPlan, texts: Texts, { acpSessionId }: SessionLines): Generator<Message> {
  for (const step of plan.all()) {
    const { eventStartSeq, eventEndSeq } = step.conversation;
    let left = eventEndSeq - eventStartSeq + 1;
    if (left === 0) continue;
    yield prompt(step.index, acpSessionId, texts.next(BARE.prompt));
    left -= 1;
    const isAnswered = !step.isOpen && left > 0;
    yield* turn(step, isAnswered ? left - 1 : left, texts, acpSessionId);
    if (isAnswered) yield answer(step.index);
  }
}

/** Exactly so many messages of an agent at work. */
function* turn(step: PlannedStep, count: number, texts: Texts, acpSessionId: string): Generator<Message> {
  const { index } = step;
  for (let left = count, round = 0; left > 0; round += 1) {
    const draw = index * 31 + round * 17;
    const thoughts = Math.min(left, 2 + (draw % 3));
    yield* chunks("agent_thought_chunk", thoughts, texts, acpSessionId);
    left -= thoughts;
    if (left > 0 && draw % 5 === 0) {
      yield planUpdate(acpSessionId, round, texts.next(BARE.plan));
      left -= 1;
    }
    if (left >= 3) {
      yield* tool(`call_${index}_${round}`, draw, acpSessionId, texts);
      left -= 3;
    }
    const said = Math.min(left, 20 + (draw % 41));
    yield* chunks("agent_message_chunk", said, texts, acpSessionId);
    left -= said;
  }
}

function* chunks(kind: ChunkKind, count: number, texts: Texts, acpSessionId: string): Generator<Message> {
  for (let n = 0; n < count; n += 1) yield chunk(kind, acpSessionId, texts.next(BARE.chunk));
}

const TOOLS = [
  { kind: "read", title: "Read src/cache.ts" },
  { kind: "search", title: "Search for callers of evict" },
  { kind: "execute", title: "Run the tests of the cache" },
  { kind: "edit", title: "Edit src/cache.ts" },
] as const;

function* tool(toolCallId: string, draw: number, acpSessionId: string, texts: Texts): Generator<Message> {
  const { kind, title } = TOOLS[draw % TOOLS.length] ?? TOOLS[0];
  const rawInput = { path: "src/cache.ts", note: texts.next(BARE.call) };
  const locations = [{ path: "src/cache.ts", line: 1 + (draw % 400) }];
  const call = { toolCallId, title, kind, status: "pending", rawInput, locations };
  yield update(acpSessionId, { sessionUpdate: "tool_call", ...call });
  yield update(acpSessionId, { sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" });
  const text = texts.next(BARE.update);
  const content = [{ type: "content", content: { type: "text", text } }];
  const status = draw % 13 === 0 ? "failed" : "completed";
  yield update(acpSessionId, { sessionUpdate: "tool_call_update", toolCallId, status, content });
}

function planUpdate(acpSessionId: string, round: number, text: string): Message {
  const entry = (content: string, place: number): PlanEntry => ({
    content,
    priority: "medium",
    status: place < round ? "completed" : place === round ? "in_progress" : "pending",
  });
  const entries = ["Find the callers", text, "Run the tests"].map(entry);
  return update(acpSessionId, { sessionUpdate: "plan", entries });
}

function prompt(id: number, sessionId: string, text: string): Message {
  const params = { sessionId, prompt: [{ type: "text", text }] };
  return { direction: "outbound", id, method: "session/prompt", params };
}

function answer(id: number): Message {
  const usage = { inputTokens: 1_200, outputTokens: 340, totalTokens: 1_540 };
  return { direction: "inbound", id, result: { stopReason: "end_turn", usage } };
}

type ChunkKind = "agent_message_chunk" | "agent_thought_chunk";

function chunk(sessionUpdate: ChunkKind, sessionId: string, text: string): Message {
  return update(sessionId, { sessionUpdate, content: { type: "text", text } });
}

function update(sessionId: string, body: object): Message {
  return { direction: "inbound", method: "session/update", params: { sessionId, update: body } };
}
