import type { NowRecord } from "../protocol/now.ts";
import { addUsage, type Usage } from "../protocol/usage.ts";
import type { CallFact, ResultFact } from "../sources/coding/fact.ts";
import { keyHash } from "../sources/coding/book/key-hash.ts";
import type { SessionNews, ToldFact } from "../sources/coding/digests.ts";
import { Newest } from "./newest.ts";

/**
 * How long an answer may go on growing before it is told: an answer is written line by line, and
 * each line tells more of what it took.
 */
export const ANSWER_WAITS_MS = 300;

/** Calls that have no result yet are remembered, and what was told, up to so many. */
const MOST_CALLS = 10_000;
const MOST_TOLD = 50_000;

/** The run that a session is, as the list has it. */
export interface RunName {
  readonly id: string;
  readonly title: string;
}

type OfRun = Omit<Extract<NowRecord, { type: "mark" }>["payload"], "id" | "ts" | "mark" | "text">;
type Told<Is extends ToldFact["is"]> = Extract<ToldFact, { is: Is }>;

interface Waiting {
  readonly ofRun: OfRun;
  readonly session: string;
  readonly key: string;
  readonly model: string | null;
  readonly at: number;
  readonly usage: Usage;
  /** Time passed when it was last told of. */
  readonly since: number;
}

/**
 * Makes of what is new in sessions the records that are told, each once.
 *
 * What always holds: an answer is told once, when something else follows it in its session or
 * nothing more was told of it for a moment; what it grows by after that is in the sums alone. A call that
 * is found with its result is one record, with its end. What a session's file repeats of another's is
 * no record.
 */
export class NowRecords {
  readonly #answers = new Map<string, Waiting>();
  readonly #calls = new Newest<Pick<CallFact, "at" | "tool">>(MOST_CALLS);
  readonly #told = new Newest<true>(MOST_TOLD);
  readonly #lastError = new Newest<string>(MOST_CALLS);

  /** Time passed when the next answer is to be told, if nothing happens before. Undefined: none waits. */
  get dueAt(): number | undefined {
    if (this.#answers.size === 0) return undefined;
    return Math.min(...Array.from(this.#answers.values(), ({ since }) => since)) + ANSWER_WAITS_MS;
  }

  /**
   * `passed` is of a clock that only ever passes, ms. Of what was only found, not seen being written,
   * nothing before `foundSince` is a record, and no answer is waited for.
   */
  take(news: SessionNews, run: RunName, passed: number, foundSince = -Infinity): NowRecord[] {
    const since = news.isLive ? -Infinity : foundSince;
    const ofRun = {
      run_id: run.id,
      run_title: run.title,
      source: news.source,
      project: news.digest.project,
      session_id: news.digest.sessionId,
    };
    const session = `${run.id} ${news.session}`;
    const records: NowRecord[] = [];
    /** Calls of this batch: a result among the rest is their end. */
    const results = new Map<string, ResultFact>();
    for (const fact of news.news) if (fact.is === "result") results.set(fact.id, fact);
    for (const fact of news.news) {
      if ("at" in fact && fact.at < since) {
        if (fact.is === "call" && !results.has(fact.id)) this.#calls.set(callKey(run, fact.id), fact);
        continue;
      }
      switch (fact.is) {
        case "usage":
          records.push(...this.#endAnswers(session, fact.key));
          this.#grow(ofRun, session, fact, passed);
          break;
        case "call": {
          const call = this.#call(ofRun, fact, results.get(fact.id));
          if (call !== undefined) records.push(call);
          break;
        }
        case "result": {
          const end = this.#result(ofRun, fact);
          if (end !== undefined) records.push(end);
          break;
        }
        case "mark": {
          // A call that asks tells the question itself.
          if (fact.mark === "asks" && isAskedBy(news.news, fact.at)) break;
          const mark = this.#mark(ofRun, session, fact.at, fact.mark, fact.text);
          if (mark !== undefined) records.push(mark);
          break;
        }
        case "turn-over": {
          records.push(...this.#endAnswers(session, null));
          const failed = this.#failedTurn(ofRun, session, fact);
          if (failed !== undefined) records.push(failed);
          break;
        }
        case "prompt":
          records.push(...this.#endAnswers(session, null));
          this.#lastError.delete(session);
          break;
        case "answer":
        case "agent":
        case "limits":
        case "about":
          break;
      }
    }
    if (!news.isLive) records.push(...this.#endAnswers(session, null));
    return records;
  }

  /** The answers of which nothing more was told for a moment. */
  settle(passed: number): NowRecord[] {
    const records: NowRecord[] = [];
    for (const answer of this.#answers.values()) {
      if (passed - answer.since >= ANSWER_WAITS_MS) records.push(this.#tellAnswer(answer));
    }
    return records;
  }

  #grow(ofRun: OfRun, session: string, fact: Told<"usage">, passed: number): void {
    const { at, key, model, usage } = fact;
    if (this.#told.has(answerKey(key))) return;
    const before = this.#answers.get(key);
    this.#answers.set(key, {
      ofRun,
      session,
      key,
      model: model ?? before?.model ?? null,
      at: before?.at ?? at,
      usage: before === undefined ? usage : addUsage(before.usage, usage),
      since: passed,
    });
  }

  /** Another answer of the session has begun, so those before it are whole. */
  #endAnswers(session: string, begun: string | null): NowRecord[] {
    const ended = [...this.#answers.values()].filter(
      (answer) => answer.session === session && answer.key !== begun,
    );
    return ended.map((answer) => this.#tellAnswer(answer));
  }

  #tellAnswer({ at, key, model, ofRun, usage }: Waiting): NowRecord {
    this.#answers.delete(key);
    this.#told.set(answerKey(key), true);
    return {
      type: "event",
      payload: {
        id: key,
        ts: stamp(at),
        ...ofRun,
        model,
        cost_usd: usage.costUsd,
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        cache_read_tokens: usage.cacheReadTokens,
        cache_create_tokens: usage.cacheWriteTokens,
      },
    };
  }

  #call(ofRun: OfRun, call: CallFact, result: ResultFact | undefined): NowRecord | undefined {
    if (result === undefined) this.#calls.set(callKey({ id: ofRun.run_id }, call.id), call);
    // A copy of a session tells the same calls at the same times again.
    if (!this.#isNews(`call ${call.id} ${call.at}`)) return undefined;
    if (result !== undefined) this.#told.set(`result ${result.id} ${result.at}`, true);
    return {
      type: "tool_call",
      payload: {
        id: call.id,
        ts: stamp(call.at),
        ...ofRun,
        tool_name: call.tool,
        kind: call.kind,
        title: call.title,
        file_path: call.path,
        byte_count: result?.bytes ?? 0,
        status: result !== undefined ? endOf(result) : call.asks ? "asks" : "running",
        duration: result === undefined ? null : secondsBetween(call.at, result.at),
      },
    };
  }

  #result(ofRun: OfRun, result: ResultFact): NowRecord | undefined {
    const key = callKey({ id: ofRun.run_id }, result.id);
    const call = this.#calls.get(key);
    this.#calls.delete(key);
    if (!this.#isNews(`result ${result.id} ${result.at}`)) return undefined;
    const measured = result.durationMs === null ? null : result.durationMs / 1_000;
    return {
      type: "tool_result",
      payload: {
        id: result.id,
        ts: stamp(result.at),
        ...ofRun,
        // Its call was read before this server began.
        tool_name: call?.tool ?? "",
        byte_count: result.bytes,
        status: endOf(result),
        duration: call === undefined ? measured : secondsBetween(call.at, result.at),
      },
    };
  }

  #mark(ofRun: OfRun, session: string, at: number, mark: string, text: string): NowRecord | undefined {
    if (mark === "error") this.#lastError.set(session, text);
    if (!this.#isNews(`mark ${mark} ${at} ${text}`)) return undefined;
    // A session may tell two of a kind at once.
    const id = `${session} ${mark} ${at} ${keyHash(text).toString(36)}`;
    return { type: "mark", payload: { id, ts: stamp(at), ...ofRun, mark, text } };
  }

  #failedTurn(ofRun: OfRun, session: string, fact: Told<"turn-over">): NowRecord | undefined {
    const error = this.#lastError.get(session);
    this.#lastError.delete(session);
    if (fact.outcome !== "failed") return undefined;
    const text = fact.error ?? "The turn failed.";
    // It was told as the turn's error just before.
    if (error !== undefined && (fact.error === null || fact.error === error)) return undefined;
    return this.#mark(ofRun, session, fact.at, "error", text);
  }

  #isNews(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.set(key, true);
    return true;
  }
}

function answerKey(key: string): string {
  return `answer ${key}`;
}

function callKey(run: Pick<RunName, "id">, id: string): string {
  return `${run.id}\n${id}`;
}

function endOf({ isError }: ResultFact): "ok" | "error" {
  return isError ? "error" : "ok";
}

/** Clocks are set; time does not run backwards for it. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}

/** Producers may write what is no time. */
function stamp(at: number): string {
  return new Date(Math.abs(at) <= 8.64e15 ? at : 0).toISOString();
}

function isAskedBy(news: readonly ToldFact[], at: number): boolean {
  return news.some((fact) => fact.is === "call" && fact.asks && fact.at === at);
}
