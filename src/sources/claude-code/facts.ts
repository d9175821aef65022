import type { MarkKind } from "../../protocol/turn-lines.ts";
import type { Fact, FactReader } from "../coding/fact.ts";
import type { SessionFile } from "../coding/format.ts";
import { AboutReader } from "./about.ts";
import { AgentNews } from "./agent-news.ts";
import { AnswerCounter } from "./answers.ts";
import { callsOf, resultsOf } from "./calls.ts";
import { sessionNamedBy } from "./layout.ts";
import { wordsOf } from "./prompts.ts";
import { blocksOf, type ClaudeRecord, isAside, isSynthetic, readRecord, textsOf, timeOf } from "./records.ts";
import { toolOf } from "./tools.ts";
import { compactionOf, errorOf, retryOf } from "./troubles.ts";

/**
 * The facts of one file. What always holds:
 *  - There are as many `prompt` facts as `session/prompt` events, of the same records. In a subagent's file
 *    it is the session that asks, and `turn-over` is that the subagent has answered.
 *  - `turn-over` is told where the file says it: an answer that ends the turn, its duration, its hooks, an
 *    interruption, an error of the model. Once for a turn. An agent that then works on unasked (a hook or a
 *    task in the background wakes it) stops again with another one: no turn is open then.
 *  - Old versions say nothing at a turn's end. There the next prompt tells that it was over, if the last that
 *    was said was an answer; else a turn that is open at the next prompt was interrupted, which is not told here.
 *  - An answer's usage is told when it is first said, and again only with more output.
 */
export class ClaudeFacts implements FactReader {
  readonly #about: AboutReader;
  readonly #agents = new AgentNews();
  readonly #answers: AnswerCounter;
  readonly #openCalls = new Set<string>();
  /** Records without a stamp are of the time of the one before. */
  #at = 0;
  #isWorking = false;
  /** The last that was said since the prompt was an answer, then. */
  #answeredAt: number | null = null;
  /** The answer that ended the last turn: what else comes of it begins nothing. */
  #ending: string | null = null;
  #model: string | null = null;
  #isCompacted = false;

  constructor({ name }: SessionFile) {
    const own = sessionNamedBy(name);
    this.#about = new AboutReader(own);
    this.#answers = new AnswerCounter(own);
  }

  take(value: unknown): Fact[] {
    const record = readRecord(value);
    if (record === null) return [];
    this.#at = timeOf(record) ?? this.#at;
    const about = this.#about.take(record);
    const facts = this.#of(record, this.#at);
    // Last: what has a time says when a subagent begins, this has none.
    return Object.keys(about).length === 0 ? facts : [...facts, { is: "about", about }];
  }

  #of(record: ClaudeRecord, at: number): Fact[] {
    switch (record.type) {
      case "assistant":
        return this.#answer(record, at);
      case "user":
      case "attachment":
      case "queue-operation":
        return [...this.#results(record, at), ...this.#words(record, at)];
      case "system":
        return this.#system(record, at);
      case "progress":
        return this.#agents.progress(record, at);
      default:
        return [];
    }
  }

  #words(record: ClaudeRecord, at: number): Fact[] {
    const words = wordsOf(record);
    switch (words.is) {
      case "prompt":
        return [...this.#quietEnd(), ...this.#prompt(words.text, at)];
      case "interrupted":
        return [...this.#over("cancelled", null, at), mark("aborted", "Interrupted by the person", at)];
      case "summary": {
        const wasTold = this.#isCompacted;
        this.#isCompacted = false;
        return wasTold ? [] : [mark("compacted", "Compacted", at)];
      }
      case "task":
        return words.task !== null && words.isOver ? this.#agents.over(words.task, at) : [];
      case "remark":
      case "command":
      case "aside":
        return [];
    }
  }

  #prompt(text: string, at: number): Fact[] {
    this.#isWorking = true;
    this.#answeredAt = null;
    this.#ending = null;
    return [{ is: "prompt", at, text }];
  }

  /** Somebody typed at the prompt, so the agent had stopped. */
  #quietEnd(): Fact[] {
    const isQuiet = this.#openCalls.size === 0 && this.#answeredAt !== null;
    return isQuiet ? this.#over("ok", null, this.#answeredAt ?? this.#at) : [];
  }

  #over(outcome: "ok" | "cancelled" | "failed", error: string | null, at: number): Fact[] {
    if (!this.#isWorking) return [];
    this.#isWorking = false;
    this.#answeredAt = null;
    return [{ is: "turn-over", at, outcome, error }];
  }

  #answer(record: ClaudeRecord, at: number): Fact[] {
    const usage = this.#answers.take(record, at);
    const facts: Fact[] = usage === null ? [] : [usage];
    // Old versions write a subagent's records between the others: what it took counts, what it did is told nowhere.
    if (isAside(record)) return facts;
    const error = errorOf(record);
    if (error !== null) {
      this.#ending = record.message?.id ?? null;
      return [...facts, mark("error", error, at), ...this.#over("failed", error, at)];
    }
    if (isSynthetic(record)) return facts;

    const { id, model, stop_reason } = record.message ?? {};
    if (model) {
      if (this.#model !== null && this.#model !== model)
        facts.unshift(mark("model", `${this.#model} → ${model}`, at));
      this.#model = model;
    }
    if (!id || id !== this.#ending) this.#isWorking = true;

    const text = textsOf(blocksOf(record.message?.content ?? []));
    if (text !== "") facts.push({ is: "answer", at, text });
    const calls = this.#calls(record, at);
    facts.push(...calls);
    this.#answeredAt = text !== "" && calls.length === 0 ? at : null;
    // An answer is a record a part, thoughts first: the one with its text ends the turn.
    if (stop_reason === "end_turn" && text !== "" && calls.length === 0) {
      this.#ending = id ?? null;
      facts.push(...this.#over("ok", null, at));
    }
    return facts;
  }

  #calls(record: ClaudeRecord, at: number): Fact[] {
    return callsOf(record).flatMap(({ id, input, name }): Fact[] => {
      const { asks, kind, path, what } = toolOf(name, input, record.cwd ?? null);
      this.#openCalls.add(id);
      this.#agents.called(name, id, at);
      const call: Fact = { is: "call", at, id, tool: name, kind, title: what, path, asks };
      return asks ? [call, mark("asks", what, at)] : [call];
    });
  }

  #results(record: ClaudeRecord, at: number): Fact[] {
    if (isAside(record)) return [];
    return resultsOf(record).flatMap((result): Fact[] => {
      const { durationMs, id, isError, text } = result;
      this.#openCalls.delete(id);
      this.#answeredAt = null;
      const bytes = Buffer.byteLength(text);
      return [{ is: "result", at, id, isError, bytes, durationMs }, ...this.#agents.result(result, at)];
    });
  }

  #system(record: ClaudeRecord, at: number): Fact[] {
    if (isAside(record)) return [];
    if (record.subtype === "turn_duration" || record.subtype === "stop_hook_summary")
      return this.#over("ok", null, at);
    const compaction = compactionOf(record);
    if (compaction !== null) {
      this.#isCompacted = true;
      return [mark("compacted", compaction, at)];
    }
    const retry = retryOf(record);
    if (retry !== null) return [mark("retry", retry, at)];
    const error = errorOf(record);
    return error === null ? [] : [mark("error", error, at)];
  }
}

function mark(kind: MarkKind, text: string, at: number): Fact {
  return { is: "mark", at, mark: kind, text };
}
