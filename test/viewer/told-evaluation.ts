import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { tallyOf } from "../../src/protocol/tally.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { answer, chunk, madeRun, prompt, said, session, stamp, T0 } from "./made-run.ts";

/** An evaluation, line by line, as a source would tell it. */
export class MadeEvaluation {
  readonly trace: TraceEvent[] = [];
  readonly talk: SessionEvent[] = [];

  started(ms: number, attemptId: string, payload: Record<string, unknown> = {}): void {
    const test = attemptId.replace(/#\d+$/, "");
    this.#line(ms, "test_started", attemptId, { test, suite: "sums", target: "mock", ...payload });
  }

  /** `attemptId` is null where nobody can say whose it is. */
  graded(ms: number, attemptId: string | null, payload: Record<string, unknown> = {}): void {
    this.#line(ms, "grader_result", attemptId, { name: "says it", verdict: "pass", score: 1, ...payload });
  }

  /** One word is a message; the first is the prompt. */
  ended(
    ms: number,
    attemptId: string,
    payload: Record<string, unknown> = {},
    words: readonly string[] = [],
  ): void {
    const from = this.talk.length;
    for (const [place, text] of words.entries())
      this.#say(ms, place === 0 ? prompt(from, text) : chunk("agent_message", text));
    if (words.length > 0) this.#say(ms, answer(from));
    const talk = words.length > 0 ? { talk: [from, this.talk.length] } : {};
    this.#line(ms, "test_result", attemptId, { state: "passed", score: 1, ...talk, ...payload });
  }

  /** What there is to open of a result that was told before. */
  filed(ms: number, attemptId: string, files: readonly object[]): void {
    this.#line(ms, "test_files", attemptId, { files });
  }

  /** As its source would have left it at `ms`; without one, all of it. */
  run(ms = Number.POSITIVE_INFINITY): RunState {
    const isKnown = ({ at }: { readonly at: string }) => Date.parse(at) <= T0 + ms;
    return madeRun({
      tally: tallyOf([], 0),
      trace: Log.from(this.trace.filter(isKnown)),
      sessions: session(TESTS_SESSION, this.talk.filter(isKnown)),
    });
  }

  #line(ms: number, type: string, attemptId: string | null, payload: Record<string, unknown>): void {
    const of = attemptId === null ? {} : { attemptId, nodeId: attemptId.replace(/#\d+$/, "") };
    this.trace.push({ seq: this.trace.length + 1, at: stamp(ms), type, payload, ...of });
  }

  #say(ms: number, message: Record<string, unknown>): void {
    this.talk.push(said(this.talk.length + 1, ms, message));
  }
}
