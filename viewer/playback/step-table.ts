import { type OutlineResult, shortId, type TraceRow } from "../../src/protocol/outline.ts";
import { AgentTable } from "./agent-table.ts";
import { Floats, Ints, NOWHERE, Words } from "./columns.ts";
import { MarkTable } from "./mark-table.ts";
import { TestTable } from "./test-table.ts";
import { UsageTable } from "./usage-table.ts";

/** One try at a node of the flow, as of a moment. `finishedAt` is null while it runs. */
export interface Attempt {
  /** The line of the trace that it began with: no two attempts share it. */
  readonly line: number;
  readonly nodeId: string;
  readonly nodeType: string;
  /** Counts the tries at this node, from 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly statusDetail: string | null;
}

interface End {
  readonly line: number;
  readonly at: number;
  readonly outcome: number;
  readonly error: string | null;
}

/** What was asked of a session, in the order it was noted, and by whom. */
export interface Prompts {
  readonly times: Floats;
  readonly attempts: Ints;
}

/** What still ran when the run ended, ended with it; how, nobody wrote down. */
const INTERRUPTED = "interrupted";
const BROKEN_OFF = "broken_off";
/** Of a test: it may have come out well, and is counted, but nothing says how. */
const UNTOLD = "untold";

/**
 * All attempts of a run, from the outline of its trace: a few numbers each, and
 * what they were at any moment, without replaying anything.
 *
 * What always holds: rows are added in the order of their lines, so starts never
 * go down, and what an attempt was at T follows from what was added with a time
 * of T or before.
 */
export class StepTable {
  readonly #rowTimes = new Floats();
  readonly #lines = new Ints();
  /** The lines of the newest ends; NOWHERE while there is none. */
  readonly #endLines = new Ints();
  readonly #starts = new Floats();
  /** The newest end there is; Infinity while there is none. */
  readonly #ends = new Floats();
  readonly #outcomes = new Ints();
  readonly #nodes = new Ints();
  readonly #kinds = new Ints();
  readonly #numbers = new Ints();
  readonly #words = new Words();
  readonly #errors = new Map<number, string>();
  /** Ends before the newest, where there was more than one. */
  readonly #earlierEnds = new Map<number, End[]>();
  /** What was said of a test after its result: of its outcome, and not of when it ended. */
  readonly #laterWords = new Map<number, End[]>();
  /** What attempts said they were at; each points to the one before it of the same attempt. */
  readonly #detailTimes = new Floats();
  readonly #detailTexts = new Ints();
  readonly #detailsBefore = new Ints();
  readonly #newestDetails = new Ints();
  readonly #byAttempt = new Map<string, number>();
  readonly #open = new Set<number>();
  readonly #prompts = new Map<string, Prompts>();
  /** What there is more to tell of the attempts that are test cases. */
  readonly tests = new TestTable();
  /** And of a coding session: what its turns are called, what they used, what was marked, who else worked. */
  readonly #turnTitles = new Map<number, string>();
  readonly usage = new UsageTable();
  readonly marks = new MarkTable();
  readonly agents = new AgentTable();

  add(row: TraceRow): void {
    const at = Number.isFinite(row.at) ? row.at : 0;
    this.#rowTimes.push(at);
    switch (row.is) {
      case "begin":
        return this.#begin(row, at);
      case "detail":
        return this.#detail(this.#byAttempt.get(row.attempt), at, row.detail);
      case "end":
        if (row.result !== undefined && this.#said(row, row.result, at)) return;
        return this.#end(this.#byAttempt.get(row.attempt), row.line, at, row.outcome, row.error);
      case "grade":
        return this.tests.grade(row.line, at);
      case "files":
        return this.tests.files(this.#byAttempt.get(row.attempt), row.line, at);
      case "counted":
        return this.tests.scores.counted(at, row.counted);
      case "prompt":
        return this.#prompt(this.#byAttempt.get(row.attempt), at, row.session);
      case "usage":
        return this.usage.add(at, row);
      case "mark": {
        const { attempt, line, mark, session, text } = row;
        return this.marks.add({ line, at, mark, text, attempt, session });
      }
      case "agent":
        return this.agents.begin(at, row);
      case "agent-over":
        return this.agents.end(at, row.session);
      case "over":
        for (const index of this.#open) this.#end(index, row.line, at, this.#cutOff(index), null);
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  /** How many attempts had begun by `at`. They stand in the order of their start. */
  begunBy(at: number): number {
    return this.#starts.upTo(at);
  }

  /** How much was known by `at`: as long as this is the same, so is everything else as of then. */
  knownBy(at: number): number {
    return this.#rowTimes.upTo(at);
  }

  startOf(index: number): number | null {
    const start = this.#starts.at(index);
    return Number.isNaN(start) ? null : start;
  }

  /** Has it turns? Then it is a coding session. */
  get hasTurns(): boolean {
    return this.#turnTitles.size > 0;
  }

  /** What a turn is called; null of what is none. */
  turnTitle(index: number): string | null {
    return this.#turnTitles.get(index) ?? null;
  }

  /** The newest attempt that had begun before this line of the trace; null where none had. */
  attemptBefore(line: number): number | null {
    const before = this.#lines.before(line);
    return before === 0 ? null : before - 1;
  }

  /** The line of the trace that an attempt began with; NOWHERE for none. */
  lineOf(index: number): number {
    return this.#lines.at(index);
  }

  /** The line of the trace that says how an attempt ended; NOWHERE while none does. */
  endLineOf(index: number): number {
    return this.#laterWords.get(index)?.at(-1)?.line ?? this.#endLines.at(index);
  }

  /** The same as of `at`: the line of the newest end that was known then. */
  endLineBy(index: number, at: number): number {
    return this.#endBy(index, at)?.line ?? NOWHERE;
  }

  /** The attempt that began with a line of the trace, or null. Lines never go down, so it is a search. */
  attemptOfLine(line: number): number | null {
    const index = this.#lines.before(line);
    return this.#lines.at(index) === line ? index : null;
  }

  /** The attempt of this id, or null. */
  attemptNamed(id: string): number | null {
    return this.#byAttempt.get(shortId(id)) ?? null;
  }

  /** The first attempt at a node, whenever it began; null while none is known. */
  firstAt(nodeId: string): number | null {
    for (let index = 0; index < this.count; index += 1)
      if (this.#words.word(this.#nodes.at(index)) === nodeId) return index;
    return null;
  }

  /** The newest start before `at`. */
  startBefore(at: number): number | null {
    return this.startOf(this.#starts.before(at) - 1);
  }

  name(index: number): Pick<Attempt, "line" | "nodeId" | "nodeType" | "number"> {
    return {
      line: this.#lines.at(index),
      nodeId: this.#words.word(this.#nodes.at(index)),
      nodeType: this.#words.word(this.#kinds.at(index)),
      number: this.#numbers.at(index),
    };
  }

  /** What an attempt is called and came to as small numbers, the same for the same word: for a look at all of them. */
  nodeCode(index: number): number {
    return this.#nodes.at(index);
  }

  kindCode(index: number): number {
    return this.#kinds.at(index);
  }

  /** The how manieth attempt at its node it is, from 1. */
  numberOf(index: number): number {
    return this.#numbers.at(index);
  }

  /** NOWHERE while it runs. */
  outcomeCode(index: number): number {
    if (this.#ends.at(index) === Number.POSITIVE_INFINITY) return NOWHERE;
    return this.#laterWords.get(index)?.at(-1)?.outcome ?? this.#outcomes.at(index);
  }

  /** The word of such a number. */
  word(code: number): string {
    return this.#words.word(code);
  }

  /** An attempt as of `at`; `endedAt` is when the run ended, if it had by then. */
  attempt(index: number, at: number, endedAt: number | null): Attempt {
    const startedAt = this.#starts.at(index);
    const end = this.#endBy(index, at);
    const cutOff = end === null && endedAt !== null;
    return {
      ...this.name(index),
      startedAt,
      finishedAt: cutOff ? Math.max(endedAt, startedAt) : (end?.at ?? null),
      outcome: cutOff ? this.#cutOff(index) : end === null ? null : this.#outcomeOf(index, end.outcome),
      error: end?.error ?? null,
      statusDetail: end !== null || cutOff ? null : this.#detailBy(index, at),
    };
  }

  /** The newest attempt that ran at `at`, or null. */
  runningAt(at: number): number | null {
    if (at === Number.POSITIVE_INFINITY) {
      let newest = -1;
      for (const index of this.#open) newest = Math.max(newest, index);
      return newest === -1 ? null : newest;
    }
    const ends = this.#ends.items;
    for (let index = this.begunBy(at) - 1; index >= 0; index -= 1) {
      if (ends[index]! > at && this.#endBy(index, at) === null) return index;
    }
    return null;
  }

  promptsOf(sessionId: string): Prompts | null {
    return this.#prompts.get(sessionId) ?? null;
  }

  /** For drawing all of it: blocks that may be longer than `count`. An end of Infinity is none. */
  get spans(): { starts: Float64Array; ends: Float64Array } {
    return { starts: this.#starts.items, ends: this.#ends.items };
  }

  isFailed(index: number): boolean {
    const outcome = this.outcomeCode(index);
    // A turn that a person broke off, or that was left without an end, is no failure.
    if (this.#turnTitles.has(index)) return outcome === this.#failedCode;
    return outcome !== NOWHERE && !this.#goodCodes.has(outcome);
  }

  /** What is no failure. */
  readonly #goodCodes = new Set(["ok", "skipped", UNTOLD].map((word) => this.#words.code(word)));

  readonly #failedCode = this.#words.code("failed");

  /** How that ended which still ran when the run did. */
  #cutOff(index: number): string {
    if (this.#turnTitles.has(index)) return BROKEN_OFF;
    return this.tests.testOf(index) === null ? INTERRUPTED : UNTOLD;
  }

  /** A turn after which something else came is no failure of anything. */
  #outcomeOf(index: number, code: number): string {
    const word = this.#words.word(code);
    return word === INTERRUPTED && this.#turnTitles.has(index) ? BROKEN_OFF : word;
  }

  #begin(row: TraceRow & { is: "begin" }, at: number): void {
    const index = this.count;
    this.#lines.push(row.line);
    this.#endLines.push(NOWHERE);
    this.#starts.push(at);
    this.#ends.push(Number.POSITIVE_INFINITY);
    this.#outcomes.push(0);
    this.#nodes.push(this.#words.code(row.node));
    this.#kinds.push(this.#words.code(row.kind));
    this.#numbers.push(Math.min(Number(/#(\d+)$/.exec(row.attempt)?.[1] ?? 1), 2 ** 31));
    this.#newestDetails.push(NOWHERE);
    this.#byAttempt.set(row.attempt, index);
    this.#open.add(index);
    if (row.turn !== undefined) this.#turnTitles.set(index, row.turn.title);
    if (row.test !== undefined) this.tests.begin(index, this.#nodes.at(index), at, row.test);
    if (row.detail !== null) this.#detail(index, at, row.detail);
  }

  #detail(index: number | undefined, at: number, text: string): void {
    if (index === undefined) return;
    const before = this.#newestDetails.at(index);
    const code = this.#words.code(text);
    // The same said again is no news.
    if (before !== NOWHERE && this.#detailTexts.at(before) === code) return;
    this.#newestDetails.set(index, this.#detailTimes.length);
    this.#detailTimes.push(at);
    this.#detailTexts.push(code);
    this.#detailsBefore.push(before);
  }

  #end(index: number | undefined, line: number, at: number, outcome: string, error: string | null): void {
    if (index === undefined) return;
    const before = this.#ends.at(index);
    if (before < Number.POSITIVE_INFINITY) {
      const end = this.#newestEnd(index, before);
      const earlier = this.#earlierEnds.get(index) ?? [];
      earlier.push(end);
      this.#earlierEnds.set(index, earlier);
    }
    this.#ends.set(index, at);
    this.#endLines.set(index, line);
    this.#outcomes.set(index, this.#words.code(outcome));
    if (error === null) this.#errors.delete(index);
    else this.#errors.set(index, error);
    this.#open.delete(index);
  }

  /** Notes a test's result; true where it had one before. */
  #said(row: TraceRow & { is: "end" }, result: OutlineResult, at: number): boolean {
    const index = this.#byAttempt.get(row.attempt);
    if (index === undefined) return false;
    const isMore = this.tests.resultBy(index, Number.POSITIVE_INFINITY) !== null;
    this.tests.end(index, at, result);
    if (!isMore) return false;
    const words = this.#laterWords.get(index) ?? [];
    words.push({ line: row.line, at, outcome: this.#words.code(row.outcome), error: row.error });
    this.#laterWords.set(index, words);
    return true;
  }

  #prompt(index: number | undefined, at: number, sessionId: string): void {
    if (index === undefined) return;
    let prompts = this.#prompts.get(sessionId);
    if (prompts === undefined) {
      prompts = { times: new Floats(), attempts: new Ints() };
      this.#prompts.set(sessionId, prompts);
    }
    prompts.times.push(at);
    prompts.attempts.push(index);
  }

  #endBy(index: number, at: number): End | null {
    const end = this.#firstWords(index, at);
    const later = end === null ? undefined : this.#laterWords.get(index)?.findLast((word) => word.at <= at);
    return end === null || later === undefined ? end : { ...later, at: end.at };
  }

  #firstWords(index: number, at: number): End | null {
    const end = this.#ends.at(index);
    if (end <= at && end < Number.POSITIVE_INFINITY) return this.#newestEnd(index, end);
    return this.#earlierEnds.get(index)?.findLast((earlier) => earlier.at <= at) ?? null;
  }

  #newestEnd(index: number, at: number): End {
    return {
      line: this.#endLines.at(index),
      at,
      outcome: this.#outcomes.at(index),
      error: this.#errors.get(index) ?? null,
    };
  }

  #detailBy(index: number, at: number): string | null {
    let detail = this.#newestDetails.at(index);
    while (detail !== NOWHERE && this.#detailTimes.at(detail) > at) detail = this.#detailsBefore.at(detail);
    return detail === NOWHERE ? null : this.#words.word(this.#detailTexts.at(detail));
  }
}
