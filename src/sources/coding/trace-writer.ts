import {
  type AgentStarted,
  MAIN_SESSION,
  type SessionMark,
  type TurnEnded,
  type TurnStarted,
  type UsageRecorded,
} from "../../protocol/turn-lines.ts";
import { NO_USAGE, type Tokens, totalTokens, type Usage, usageBeyond } from "../../protocol/usage.ts";
import type { Fact, UsageFact } from "./fact.ts";
import { heldTokens, isMore } from "./held-tokens.ts";
import { oneLine } from "./one-line.ts";

const TITLE_CHARS = 120;
const TEXT_CHARS = 300;

/** A line of the trace, without its number. */
export interface TraceLine {
  readonly at: string;
  readonly type: string;
  readonly nodeId?: string;
  readonly attemptId?: string;
  readonly sessionId: string;
  readonly payload: Record<string, unknown>;
}

/** What the writer has to ask. */
export interface Prices {
  priceOf(model: string | null, tokens: Tokens, at: number): number | null;
  /** Is the answer this session's to count? */
  isOwn(key: string): boolean;
  /** What an answer of this session is counted with where others tell it too; null elsewhere. */
  sharedUsage(key: string): Usage | null;
}

/** What was told of an answer so far. */
interface ToldAnswer {
  readonly session: string;
  readonly model: string | null;
  readonly usage: Usage;
  readonly isOwn: boolean;
}

/** A subagent whose file there is. */
export interface WrittenAgent {
  readonly id: string;
  readonly label: string;
  readonly call: string | null;
}

/** A turn that goes on. */
export interface OpenTurn {
  readonly nodeId: string;
  readonly attemptId: string;
}

interface KnownAgent {
  readonly label: string;
  call: string | null;
  /** Its own records were told of; before that nothing of it is. */
  isStarted: boolean;
  isOver: boolean;
}

/**
 * Makes the lines of a session's trace of the facts of its files, in the order in which they are told.
 * What always holds: each turn ends once, and before the next one begins; usage adds up to what each
 * answer took, counted once, whichever of the files told of it how often.
 */
export class TraceWriter {
  readonly #prices: Prices;
  #turns = 0;
  #turn: OpenTurn | null = null;
  readonly #told = new Map<string, ToldAnswer>();
  readonly #agents = new Map<string, KnownAgent>();
  /** Told by a fact before the agent's own file. */
  readonly #callOf = new Map<string, string>();
  readonly #overEarly = new Set<string>();
  /** The subagents' calls, by whose they are; all others are the conversation's own. */
  readonly #sessionOf = new Map<string, string>();

  constructor(prices: Prices) {
    this.#prices = prices;
  }

  get openTurn(): OpenTurn | null {
    return this.#turn;
  }

  /** Is every answer whose it was said to be? It may be found later that another session has told it first. */
  get isTrue(): boolean {
    return [...this.#told].every(([key, { isOwn }]) => this.#prices.isOwn(key) === isOwn);
  }

  /** There is a file of this agent: to be called before its facts are. */
  meet({ call, id, label }: WrittenAgent): void {
    if (this.#agents.has(id)) return;
    const known = { label, call: call ?? this.#callOf.get(id) ?? null, isStarted: false, isOver: false };
    this.#agents.set(id, known);
  }

  /** The call that started an agent, and whose call that is; null where nobody has said. */
  callOf(id: string): { readonly call: string; readonly parent: string } | null {
    const call = this.#agents.get(id)?.call ?? null;
    return call === null ? null : { call, parent: this.#sessionOf.get(call) ?? MAIN_SESSION };
  }

  /** A fact of a session of the run, `at` the time (ISO) that its lines get. */
  write(session: string, fact: Fact, at: string): TraceLine[] {
    const lines: TraceLine[] = [];
    const agent = this.#agents.get(session);
    // What is told of the session as a whole has no time: the agent begins with what has one.
    if (agent !== undefined && !agent.isStarted && fact.is !== "about") {
      agent.isStarted = true;
      lines.push(this.#agentStarted(session, agent, at));
      if (this.#overEarly.delete(session)) lines.push(...this.#agentOver(session, agent, at));
    }
    lines.push(...this.#write(session, fact, at));
    return lines;
  }

  /** All that the files say was written, and counted: what copies of them say beyond it is the session's too. */
  settle(at: string): TraceLine[] {
    const lines: TraceLine[] = [];
    for (const [key, answer] of this.#told) {
      const usage = answer.isOwn ? this.#prices.sharedUsage(key) : null;
      if (usage === null || !isMore(usage, answer.usage)) continue;
      this.#told.set(key, { ...answer, usage });
      const { model, session } = answer;
      lines.push(this.#usageLine(session, at, { model, usage: usageBeyond(usage, answer.usage) }));
    }
    return lines;
  }

  #write(session: string, fact: Fact, at: string): TraceLine[] {
    const isMain = session === MAIN_SESSION;
    switch (fact.is) {
      case "prompt":
        return isMain ? this.#begin(fact.text, at) : [];
      case "turn-over": {
        if (isMain) return this.#end(at, fact);
        const agent = this.#agents.get(session);
        return agent === undefined ? [] : this.#agentOver(session, agent, at);
      }
      case "usage":
        return this.#used(session, fact, at);
      case "call":
        if (!isMain) this.#sessionOf.set(fact.id, session);
        return [];
      case "mark":
        return [this.#mark(session, fact.mark, fact.text, at)];
      case "agent":
        return this.#agent(fact, at);
      case "result":
      case "answer":
      case "limits":
      case "about":
        return [];
      default:
        return fact satisfies never;
    }
  }

  #begin(text: string, at: string): TraceLine[] {
    const lines = this.#end(at, { outcome: "interrupted", error: null });
    this.#turns += 1;
    const nodeId = `turn-${this.#turns}`;
    const turn = { nodeId, attemptId: `${nodeId}#1` };
    this.#turn = turn;
    const of = { ...turn, sessionId: MAIN_SESSION };
    const payload: TurnStarted = { number: this.#turns, title: oneLine(text, TITLE_CHARS) };
    lines.push({ at, type: "turn_started", ...of, payload });
    lines.push({ at, type: "acp_prompt_prepared", ...of, payload: {} });
    return lines;
  }

  #end(at: string, { error, outcome }: TurnEnded): TraceLine[] {
    const turn = this.#turn;
    if (turn === null) return [];
    this.#turn = null;
    const payload: TurnEnded = { outcome, ...(error == null ? {} : { error: oneLine(error, TEXT_CHARS) }) };
    return [{ at, type: "turn_ended", ...turn, sessionId: MAIN_SESSION, payload }];
  }

  #used(session: string, fact: UsageFact, at: string): TraceLine[] {
    const { at: told, key, model } = fact;
    // Counted as the list counts it.
    const tokens = heldTokens(fact.tokens);
    const { isOwn, usage: before } = this.#told.get(key) ?? { usage: null, isOwn: this.#prices.isOwn(key) };
    if (before !== null && !isMore(tokens, before)) return [];
    const costUsd = this.#prices.priceOf(model, tokens, told);
    const usage: Usage = { ...tokens, costUsd, unpricedTokens: costUsd === null ? totalTokens(tokens) : 0 };
    this.#told.set(key, { session, model, usage, isOwn });
    const payload: UsageRecorded = {
      model,
      usage: usageBeyond(usage, before ?? NO_USAGE),
      // As the list counts it. That a file calls it copied says little: the original may be gone.
      ...(isOwn ? {} : { repeated: true }),
    };
    return [this.#usageLine(session, at, payload)];
  }

  #usageLine(session: string, at: string, payload: UsageRecorded): TraceLine {
    return { at, type: "usage_recorded", ...this.#ofTurn(), sessionId: session, payload };
  }

  #mark(session: string, mark: SessionMark["mark"], text: string, at: string): TraceLine {
    const payload: SessionMark = { mark, text: oneLine(text, TEXT_CHARS) };
    return { at, type: "session_mark", ...this.#ofTurn(), sessionId: session, payload };
  }

  #agent({ agent: id, call, isOver }: Fact & { readonly is: "agent" }, at: string): TraceLine[] {
    const agent = this.#agents.get(id);
    if (agent === undefined || !agent.isStarted) {
      if (isOver) this.#overEarly.add(id);
      else if (agent === undefined) this.#callOf.set(id, call);
      else agent.call ??= call;
      return [];
    }
    // The call that finds that it has answered need not be the one that started it.
    if (isOver) return this.#agentOver(id, agent, at);
    if (agent.call !== null) return [];
    // It was under way before anybody said who started it: it is told again, with that.
    agent.call = call;
    return [this.#agentStarted(id, agent, at)];
  }

  #agentStarted(id: string, { label }: KnownAgent, at: string): TraceLine {
    const payload: AgentStarted = { name: label, ...this.callOf(id) };
    return { at, type: "agent_started", ...this.#ofTurn(), sessionId: id, payload };
  }

  #agentOver(id: string, agent: KnownAgent, at: string): TraceLine[] {
    if (agent.isOver) return [];
    agent.isOver = true;
    return [{ at, type: "agent_ended", ...this.#ofTurn(), sessionId: id, payload: {} }];
  }

  #ofTurn(): { attemptId?: string } {
    return this.#turn === null ? {} : { attemptId: this.#turn.attemptId };
  }
}
