import type { About, Fact, FactReader } from "../coding/fact.ts";
import { callOf, endedCall, oneLine, type ToolCall } from "./call.ts";
import { Lineage } from "./lineage.ts";
import { limitsIn } from "./limits.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { PromptReader } from "./prompts.ts";
import { type CodexRecord, codexRecord, fieldsOf, type SessionMeta, stampOf, textOf } from "./record.ts";
import { agentId, agentsIn } from "./spawned.ts";
import { saidIn } from "./said.ts";
import { UsageReader } from "./usage-reader.ts";
import { abortWords, errorText, questionText } from "./words.ts";

/** What a parent's file tells is the parent's; what was used is told for who has only this file. */
const TOLD_AGAIN: ReadonlySet<Fact["is"]> = new Set(["about", "usage"]);
/** The person goes on from the turns of the one it was forked from. */
const TOLD_BY_FORKS: ReadonlySet<Fact["is"]> = new Set([...TOLD_AGAIN, "prompt", "turn-over"]);

/** Facts of one rollout file. */
export class CodexFacts implements FactReader {
  readonly #lineage = new Lineage();
  readonly #prompts = new PromptReader();
  readonly #usage = new UsageReader(this.#lineage);
  /** Of calls whose result was not told yet, or that go on in the background. */
  readonly #open = new Map<string, ToolCall>();
  /** All there were. */
  readonly #called = new Set<string>();
  /** Commands that go on, by their session: as they were typed. */
  readonly #commands = new Map<string, string>();
  readonly #agents = new Set<string>();
  #at = 0;
  #model: string | null = null;
  #mayAsk = true;
  #isBusy = false;
  #failure: string | null = null;
  #compactions = { summed: 0, told: 0, marked: 0 };

  take(value: unknown): Fact[] {
    const record = codexRecord(value);
    if (record === null) return [];
    const stamp = stampOf(value);
    this.#lineage.pass(stamp);
    this.#at = stamp ?? this.#at;
    this.#follow(record);
    const facts = [...this.#promptFacts(record), ...this.#factsOf(record)];
    if (this.#lineage.ownerAt(stamp) === null) return facts;
    const told = this.#lineage.isAgent ? TOLD_AGAIN : TOLD_BY_FORKS;
    return facts.filter(({ is }) => told.has(is));
  }

  /** What everything after depends on. */
  #follow(record: CodexRecord): void {
    if (record.kind === "event_msg/task_started") {
      this.#lineage.turn(record.payload.turn_id, record.payload.started_at);
      this.#failure = null;
    }
    if (record.kind === "turn_context") {
      if (record.payload.turn_id !== null) this.#lineage.turn(record.payload.turn_id, null);
      this.#mayAsk = record.payload.approval_policy !== "never";
    }
  }

  #promptFacts(record: CodexRecord): Fact[] {
    return this.#prompts.take(record, this.#at).map((prompt) => {
      this.#isBusy = true;
      this.#failure = null;
      return { is: "prompt", ...prompt };
    });
  }

  #factsOf(record: CodexRecord): Fact[] {
    const call = callOf(record);
    if (call !== null) return this.#calledFacts(call);
    const outcome = outcomeOf(record);
    if (outcome !== null)
      return [...this.#begunBefore(record), ...this.#ended(outcome), ...this.#agentFacts(record)];
    const at = this.#at;
    switch (record.kind) {
      case "session_meta":
        return this.#met(record.payload);
      case "turn_context":
        return this.#modelIs(record.payload.model);
      case "event_msg/token_count":
        return [
          ...this.#usage.take(record.payload.info, at, this.#model),
          ...this.#limits(record.payload.rate_limits),
        ];
      case "event_msg/account/rateLimits/updated":
        return this.#limits(record.payload.rate_limits ?? record.payload.rateLimits);
      case "response_item/message": {
        const text = record.payload.role === "assistant" ? saidIn(record.payload.content) : "";
        if (text === "") return [];
        this.#answers();
        return [{ is: "answer", at, text }];
      }
      case "response_item/reasoning":
        this.#answers();
        return [];
      case "event_msg/task_complete": {
        const error = record.payload.error;
        const told = error === null ? null : (textOf(error["message"]) ?? "The turn failed");
        const failure = told ?? (record.payload.last_agent_message === null ? this.#failure : null);
        return this.#turnOver(failure === null ? "ok" : "failed", failure);
      }
      case "event_msg/turn.completed":
        return this.#turnOver("ok", null);
      case "event_msg/turn_aborted": {
        const text = abortWords(record.payload.reason);
        const outcome = record.payload.reason === "replaced" ? "interrupted" : "cancelled";
        return [{ is: "mark", at, mark: "aborted", text }, ...this.#turnOver(outcome, null)];
      }
      case "compacted":
        return this.#compacted("summed");
      case "event_msg/context_compacted":
        return this.#compacted("told");
      case "event_msg/error": {
        const text = errorText(record.payload);
        this.#failure = text;
        return [{ is: "mark", at, mark: "error", text }];
      }
      case "event_msg/stream_error":
        return [{ is: "mark", at, mark: "retry", text: record.payload.message ?? "The connection broke" }];
      case "event_msg/exec_approval_request":
      case "event_msg/apply_patch_approval_request":
      case "event_msg/elicitation_request":
      case "event_msg/request_user_input":
        return this.#asked(record.payload.call_id, questionText(record.payload));
      case "event_msg/thread_name_updated": {
        const name = record.payload.thread_name;
        return name === null || name === "" ? [] : [about({ title: { text: name, rank: "named" } })];
      }
      case "event_msg/collab_agent_spawn_end":
      case "event_msg/collab_close_end":
      case "event_msg/collab_waiting_end":
        return this.#agentFacts(record);
      default:
        return [];
    }
  }

  #met(meta: SessionMeta): Fact[] {
    if (!this.#lineage.meet(meta)) return [];
    this.#model = meta.model;
    return [
      about({
        ...(meta.id === null ? {} : { sessionId: meta.id }),
        ...(meta.cwd === null ? {} : { project: meta.cwd }),
        ...(meta.cli_version === null ? {} : { version: meta.cli_version }),
        ...branchOf(meta),
      }),
    ];
  }

  #modelIs(model: string | null): Fact[] {
    const before = this.#model;
    if (model === null || model === before) return [];
    this.#model = model;
    if (before === null) return [];
    return [{ is: "mark", at: this.#at, mark: "model", text: `${model} instead of ${before}` }];
  }

  #limits(told: Parameters<typeof limitsIn>[0]): Fact[] {
    const limits = limitsIn(told, this.#at);
    return limits.length === 0 ? [] : [{ is: "limits", at: this.#at, limits }];
  }

  #answers(): void {
    this.#isBusy = true;
    this.#usage.answers();
  }

  #calledFacts(call: ToolCall): Fact[] {
    this.#answers();
    // A search is told twice, once by what it looked for and once by what it found.
    if (call.isOver && this.#open.delete(call.id)) return [];
    const { id, kind, tool } = call;
    const command = call.continues === null ? undefined : this.#commands.get(call.continues);
    const title =
      command === undefined ? call.title : call.title.replace(`command ${call.continues}`, command);
    this.#open.set(id, call);
    this.#called.add(id);
    const asks = call.isQuestion || (call.wantsLeave && this.#mayAsk);
    const facts: Fact[] = [
      { is: "call", at: this.#at, id, tool, kind, title: oneLine(title), path: call.paths[0] ?? null, asks },
    ];
    if (call.isOver)
      facts.push({ is: "result", at: this.#at, id, isError: false, bytes: 0, durationMs: null });
    return facts;
  }

  /** What a person typed for a shell, and what a script calls, is told when it has ended, and only then. */
  #begunBefore(record: CodexRecord): Fact[] {
    const call = endedCall(record);
    return call === null || this.#called.has(call.id) ? [] : this.#calledFacts(call);
  }

  /** Of several records that tell a result, the first counts. */
  #ended({ durationMs, goesOn, id, isError, text }: Outcome): Fact[] {
    const call = this.#open.get(id);
    if (call === undefined) return [];
    this.#open.delete(id);
    if (goesOn !== null && call.continues === null) this.#commands.set(goesOn, call.title);
    return [{ is: "result", at: this.#at, id, isError, bytes: Buffer.byteLength(text), durationMs }];
  }

  #asked(id: string | null, text: string): Fact[] {
    const at = this.#at;
    const mark: Fact = { is: "mark", at, mark: "asks", text };
    const call = id === null ? undefined : this.#open.get(id);
    if (call === undefined) return [mark];
    const { kind, paths, title, tool } = call;
    return [{ is: "call", at, id: call.id, tool, kind, title, path: paths[0] ?? null, asks: true }, mark];
  }

  #agentFacts(record: CodexRecord): Fact[] {
    return agentsIn(record).flatMap(({ call, isOver, thread }): Fact[] => {
      const agent = agentId(thread);
      if (isOver ? !this.#agents.delete(agent) : this.#agents.has(agent)) return [];
      if (!isOver) this.#agents.add(agent);
      return [{ is: "agent", at: this.#at, agent, call, isOver }];
    });
  }

  #turnOver(outcome: "ok" | "cancelled" | "failed" | "interrupted", error: string | null): Fact[] {
    this.#failure = null;
    // The tool does things of its own, between turns: nobody asked for them.
    if (!this.#isBusy) return [];
    this.#isBusy = false;
    return [{ is: "turn-over", at: this.#at, outcome, error }];
  }

  /** It is told twice: by what was summed up, and by a word of it. */
  #compacted(by: "summed" | "told"): Fact[] {
    const counts = this.#compactions;
    counts[by] += 1;
    if (counts[by] <= counts.marked) return [];
    counts.marked += 1;
    return [
      { is: "mark", at: this.#at, mark: "compacted", text: "The conversation was summed up to make room" },
    ];
  }
}

function about(told: About): Fact {
  return { is: "about", about: told };
}

function branchOf(meta: SessionMeta): { readonly branch?: string } {
  const branch = textOf(fieldsOf(meta.git)["branch"]);
  return branch === null || branch === "" ? {} : { branch };
}
