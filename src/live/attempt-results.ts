import type { TraceEvent } from "../protocol/bundle.ts";
import type { TestResult } from "../protocol/test-lines.ts";
import { finite } from "./event-values.ts";

interface ToldResult {
  readonly line: number;
  /** False: it was added from a file beside the log. */
  readonly isOwn: boolean;
  readonly tokens: number | null;
  readonly cost: number | null;
}

/** What a result has to say that those before it had not. */
export interface NewInResult {
  /** It ends its attempt; any other only says more of it. */
  readonly isEnd: boolean;
  /** No attempt at the same test has ended before. */
  readonly isFirstOfTest: boolean;
  /** More than was told of the attempt before; null where nothing is told. */
  readonly tokens: number | null;
  readonly cost: number | null;
}

/**
 * The results in a run's trace, by their attempts. Lines are taken in order; who takes
 * one again, to go on from an earlier place, is told the same again.
 */
export class AttemptResults {
  readonly #byAttempt = new Map<string, ToldResult[]>();
  /** In which line each test first had a result of its own. */
  readonly #firstOfTest = new Map<string, number>();

  /** Has the attempt of a line ended before it? */
  hasEnded(line: number, { attemptId }: TraceEvent): boolean {
    const told = this.#byAttempt.get(attemptId ?? "") ?? [];
    return told.some((each) => each.isOwn && each.line < line);
  }

  take(line: number, entry: TraceEvent, result: TestResult): NewInResult {
    const test = entry.nodeId ?? "";
    const attempt = entry.attemptId ?? test;
    const told = this.#byAttempt.get(attempt) ?? [];
    const before = told.findLast((each) => each.line < line);
    const isOwn = result.added !== true;
    const tokens = finite(result.tokens);
    const cost = finite(result.costUsd);
    const newest = told.at(-1);
    if (newest === undefined || newest.line < line) {
      told.push({
        line,
        isOwn,
        tokens: tokens ?? before?.tokens ?? null,
        cost: cost ?? before?.cost ?? null,
      });
      this.#byAttempt.set(attempt, told);
    }
    const isEnd = isOwn && !told.some((each) => each.isOwn && each.line < line);
    if (isEnd && !this.#firstOfTest.has(test)) this.#firstOfTest.set(test, line);
    return {
      isEnd,
      isFirstOfTest: this.#firstOfTest.get(test) === line,
      tokens: tokens === null ? null : tokens - (before?.tokens ?? 0),
      cost: cost === null ? null : cost - (before?.cost ?? 0),
    };
  }
}
