import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { MAIN_SESSION, type MarkKind } from "../../src/protocol/turn-lines.ts";
import { NO_USAGE, type Usage } from "../../src/protocol/usage.ts";
import { madeRun, said, stamp } from "./made-run.ts";

/** A coding session made of a few words, line by line as a source would tell it. */
export class MadeSession {
  readonly trace: TraceEvent[] = [];
  readonly sessions = new Map<string, SessionEvent[]>([[MAIN_SESSION, []]]);
  #turn = 0;

  prompt(ms: number, title: string): this {
    this.#turn += 1;
    this.#note(ms, "turn_started", { number: this.#turn, title });
    this.#note(ms, "acp_prompt_prepared", {});
    const message = {
      jsonrpc: "2.0",
      id: "turn",
      method: "session/prompt",
      params: { prompt: [{ type: "text", text: title }] },
    };
    return this.#say(ms, MAIN_SESSION, message);
  }

  end(ms: number, outcome = "ok", error: string | null = null): this {
    this.#note(ms, "turn_ended", { outcome, error });
    const stopReason = outcome === "cancelled" ? "cancelled" : "end_turn";
    return this.#say(ms, MAIN_SESSION, { jsonrpc: "2.0", id: "turn", result: { stopReason } });
  }

  used(
    ms: number,
    model: string | null,
    usage: Partial<Usage>,
    session = MAIN_SESSION,
    repeated = false,
  ): this {
    this.#note(ms, "usage_recorded", { model, usage: { ...NO_USAGE, ...usage }, repeated }, session);
    return this;
  }

  mark(ms: number, mark: MarkKind, text: string): this {
    this.#note(ms, "session_mark", { mark, text });
    return this;
  }

  agent(ms: number, session: string, name: string, call: string): this {
    this.sessions.set(session, this.sessions.get(session) ?? []);
    this.#note(ms, "agent_started", { name, call, parent: MAIN_SESSION }, session);
    return this;
  }

  agentOver(ms: number, session: string): this {
    this.#note(ms, "agent_ended", {}, session);
    return this;
  }

  answer(ms: number, text: string, session = MAIN_SESSION): this {
    return this.#update(ms, session, {
      sessionUpdate: "agent_message_chunk",
      content: { type: "text", text },
    });
  }

  call(ms: number, id: string, title: string, kind = "execute", session = MAIN_SESSION, tool?: string): this {
    const named = tool === undefined ? {} : { _meta: { runreel: { tool } } };
    const fields = { toolCallId: id, title, kind, status: "in_progress", ...named };
    return this.#update(ms, session, { sessionUpdate: "tool_call", ...fields });
  }

  result(ms: number, id: string, text: string, status = "completed", session = MAIN_SESSION): this {
    const content = [{ type: "content", content: { type: "text", text } }];
    return this.#update(ms, session, { sessionUpdate: "tool_call_update", toolCallId: id, status, content });
  }

  notice(ms: number, text: string, tone: "quiet" | "bad" = "quiet"): this {
    return this.#say(ms, MAIN_SESSION, { jsonrpc: "2.0", method: "runreel/notice", params: { tone, text } });
  }

  record(ms: number, type: string, record: Record<string, unknown> = {}): this {
    return this.#say(ms, MAIN_SESSION, {
      jsonrpc: "2.0",
      method: "runreel/record",
      params: { type, record: { type, ...record } },
    });
  }

  /** The run of the lines known by then. */
  run(until = Number.POSITIVE_INFINITY, parts: Partial<RunState> = {}): RunState {
    const known = <Line extends { readonly at: string }>(lines: readonly Line[]) =>
      lines.filter(({ at }) => Date.parse(at) - Date.parse(stamp(0)) <= until);
    const sessions = [...this.sessions].map(([id, events]) => [
      id,
      { id, binding: null, record: null, events: Log.from(known(events)) },
    ]);
    return madeRun({
      sourceType: "claude-code",
      sourceLabel: "Claude Code",
      project: "/srv/shop",
      trace: Log.from(known(this.trace)),
      sessions: Object.fromEntries(sessions),
      ...parts,
    });
  }

  #note(ms: number, type: string, payload: Record<string, unknown>, sessionId = MAIN_SESSION): void {
    const node = `turn-${this.#turn}`;
    const of = this.#turn === 0 ? {} : { nodeId: node, attemptId: `${node}#1` };
    this.trace.push({ seq: this.trace.length + 1, at: stamp(ms), type, ...of, sessionId, payload });
  }

  #update(ms: number, session: string, update: Record<string, unknown>): this {
    const params = { sessionId: session, update, _meta: { runreel: { record: true } } };
    return this.#say(ms, session, { jsonrpc: "2.0", method: "session/update", params });
  }

  #say(ms: number, session: string, message: Record<string, unknown>): this {
    const events = this.sessions.get(session) ?? [];
    events.push(said(events.length + 1, ms, message));
    this.sessions.set(session, events);
    return this;
  }
}

/** A session with all that a coding session may have in it. */
export function busySession(): MadeSession {
  const second = 1000;
  return new MadeSession()
    .record(0, "file-history-snapshot")
    .prompt(1 * second, "Make the checkout count a coupon once, and show why it counted twice")
    .used(3 * second, "claude-opus-4-1", {
      inputTokens: 812,
      cacheReadTokens: 18_200,
      cacheWriteTokens: 6400,
      cacheWrite1hTokens: 6400,
      outputTokens: 420,
      costUsd: 0.18,
    })
    .answer(3 * second, "I look at how coupons are applied.")
    .answer(4 * second, "Then I run the tests.")
    .call(5 * second, "call-1", "src/checkout/coupon.ts", "read")
    .result(6 * second, "call-1", "export const apply = …")
    .call(7 * second, "call-2", "npm test")
    .result(15 * second, "call-2", "1 failed: counts a coupon once", "failed")
    .used(16 * second, "claude-opus-4-1", {
      inputTokens: 90,
      cacheReadTokens: 25_000,
      outputTokens: 640,
      costUsd: 0.09,
    })
    .mark(18 * second, "retry", "Retry 1 of 10 in 2 s: overloaded")
    .notice(18 * second, "Retry 1 of 10 in 2 s: overloaded")
    .call(20 * second, "call-3", "Find every place that applies a coupon", "other")
    .agent(20 * second, "agent-a1", "Find every place that applies a coupon", "call-3")
    .call(21 * second, "call-4", "Look for tests of coupons", "other")
    .agent(21 * second, "agent-b2", "Look for tests of coupons", "call-4")
    .call(22 * second, "sub-1", "coupon", "search", "agent-a1")
    .answer(24 * second, "There are three of them.", "agent-a1")
    .result(26 * second, "sub-1", "3 files", "completed", "agent-a1")
    .call(24 * second, "sub-2", "coupon.test.ts", "read", "agent-b2")
    .result(25 * second, "sub-2", "describe …", "completed", "agent-b2")
    .used(
      27 * second,
      "claude-haiku-4-5",
      { inputTokens: 300, outputTokens: 150, costUsd: 0.004 },
      "agent-a1",
    )
    .used(
      27.5 * second,
      "my-own-model",
      { inputTokens: 700, outputTokens: 80, unpricedTokens: 780 },
      "agent-b2",
    )
    .agentOver(28 * second, "agent-b2")
    .result(28 * second, "call-4", "One file tests them.")
    .agentOver(31 * second, "agent-a1")
    .result(31 * second, "call-3", "Three places.")
    .answer(
      34 * second,
      "It was counted once by the cart and once by the order. Now the order alone counts it.",
    )
    .end(36 * second)
    .record(40 * second, "queue-operation")
    .mark(44 * second, "compacted", "The conversation was compacted: 182k tokens before")
    .notice(44 * second, "The conversation was compacted: 182k tokens before")
    .prompt(50 * second, "Now the same for gift cards")
    .mark(51 * second, "model", "Model: claude-sonnet-4-5")
    .used(53 * second, "claude-sonnet-4-5", {
      inputTokens: 1200,
      cacheWriteTokens: 9000,
      outputTokens: 300,
      costUsd: 0.06,
    })
    .used(
      54 * second,
      "claude-sonnet-4-5",
      { inputTokens: 5000, outputTokens: 900, costUsd: 0.5 },
      MAIN_SESSION,
      true,
    )
    .call(55 * second, "call-5", "npm run e2e")
    .mark(58 * second, "aborted", "Broken off by the person")
    .end(58 * second, "cancelled")
    .prompt(64 * second, "Skip the browser tests")
    .used(66 * second, "claude-sonnet-4-5", {
      inputTokens: 40,
      cacheReadTokens: 11_000,
      outputTokens: 210,
      costUsd: 0.01,
    })
    .mark(68 * second, "error", "API error: 529 overloaded")
    .notice(68 * second, "API error: 529 overloaded", "bad")
    .end(69 * second, "failed", "API error: 529 overloaded")
    .prompt(75 * second, "Go on")
    .call(78 * second, "call-6", "npm test -- coupons")
    .answer(79 * second, "The tests are running.");
}
