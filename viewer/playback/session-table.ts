import type { SessionRow } from "../../src/protocol/outline.ts";
import { Floats, Ints, NOWHERE, Words } from "./columns.ts";
import { SpentTable } from "./spent-table.ts";
import { isOver, type Request } from "./request.ts";

/** What a conversation has come to at a line, without what was said before it. */
export interface Context {
  /** The turn under way, or null before the first prompt. */
  readonly turn: { readonly line: number; readonly at: number } | null;
  readonly request: Request;
  /** Has this turn a plan already? */
  readonly hasPlan: boolean;
}

const PROMPT = 0;
const LOAD = 1;

/**
 * What the outline of a session tells of its conversation: the turns, the tool
 * calls, and where a conversation stands at any line. It follows the same rules
 * as the conversation's fold, which reads all the rest.
 */
export class SessionTable {
  readonly #turnLines = new Ints();
  readonly #turnTimes = new Floats();
  /** The line of each turn's first plan; of what comes before the first turn, `#firstPlan`. */
  readonly #plans = new Ints();
  #firstPlan = NOWHERE;
  readonly #requestLines = new Ints();
  readonly #answerLines = new Ints();
  readonly #requestKinds = new Ints();
  readonly #requestIds: string[] = [];
  #open: Request = { kind: "none" };

  readonly #toolLines = new Ints();
  readonly #toolStarts = new Floats();
  readonly #toolEnds = new Floats();
  readonly #toolTitles: string[] = [];
  /** What a call was named, from which line and when on; kept of the calls that were named more than once. */
  readonly #toolNames = new Map<
    number,
    { readonly line: number; readonly at: number; readonly title: string }[]
  >();
  readonly #toolKinds = new Ints();
  /** What the agent calls it; NOWHERE where that is not told. */
  readonly #toolsCalled = new Ints();
  readonly #toolStates = new Ints();
  readonly #words = new Words();
  readonly #byCall = new Map<string, number>();

  /** What its turns took. */
  readonly spent = new SpentTable();

  add(row: SessionRow): void {
    const at = Number.isFinite(row.at) ? row.at : 0;
    switch (row.is) {
      case "turn":
        this.#turnLines.push(row.line);
        this.#turnTimes.push(at);
        this.#plans.push(NOWHERE);
        return this.#request({ kind: "prompt", id: row.id }, row.line);
      case "load":
        return this.#request({ kind: "load", id: row.id }, row.line);
      case "answer":
        if (row.tokens !== null) this.spent.addTokens(at, row.tokens);
        if (this.#open.kind === "none" || this.#open.id !== row.id) return;
        this.#open = { kind: "none" };
        this.#answerLines.set(this.#answerLines.length - 1, row.line);
        return;
      case "cost":
        return this.spent.addCost(at, row.amount, row.currency);
      case "plan":
        if (this.#open.kind !== "load") this.#plan(row.line);
        return;
      case "tool":
        if (this.#open.kind !== "load") this.#tool(row, at);
    }
  }

  /** Where the conversation stands before line `line` is read. */
  contextAt(line: number): Context {
    const turn = this.turnsBefore(line) - 1;
    const request = this.#requestLines.before(line) - 1;
    const plan = turn < 0 ? this.#firstPlan : this.#plans.at(turn);
    const isOpen = request >= 0 && this.#answerLines.at(request) >= line;
    return {
      turn: turn < 0 ? null : { line: this.#turnLines.at(turn), at: this.#turnTimes.at(turn) },
      request: isOpen ? this.#requestAt(request) : { kind: "none" },
      hasPlan: plan < line,
    };
  }

  /** The request to load a history that this line is an answer to; null where it is none. */
  loadOf(line: number): number | null {
    const isLoad = this.contextAt(line).request.kind === "load";
    return isLoad ? this.#requestLines.at(this.#requestLines.before(line) - 1) : null;
  }

  get turnCount(): number {
    return this.#turnLines.length;
  }

  turnsBefore(line: number): number {
    return this.#turnLines.before(line);
  }

  turnLine(turn: number): number {
    return this.#turnLines.at(turn);
  }

  turnTime(turn: number): number {
    return this.#turnTimes.at(turn);
  }

  toolsBefore(line: number): number {
    return this.#toolLines.before(line);
  }

  /** How many turns had begun at `at`: as many as among the lines known then. */
  turnsBy(at: number): number {
    return this.#turnTimes.upTo(at);
  }

  toolsBy(at: number): number {
    return this.#toolStarts.upTo(at);
  }

  /** Had this tool call begun before line `line`? */
  hasCall(call: string, line: number): boolean {
    const index = this.#byCall.get(call);
    return index !== undefined && this.#toolLines.at(index) < line;
  }

  /** What a tool call was named by line `line`; null before it had a name. */
  titleAt(call: string, line: number): string | null {
    const index = this.#byCall.get(call);
    if (index === undefined || this.#toolLines.at(index) > line) return null;
    const names = this.#toolNames.get(index);
    const title =
      names === undefined ? this.#toolTitles[index] : names.findLast((name) => name.line <= line)?.title;
    return title === undefined || title === "" ? null : title;
  }

  /** The line of the turn or tool call that begins `count` of them before `line`; 0 if there are not so many. */
  markBefore(line: number, count: number): number {
    let turn = this.turnsBefore(line) - 1;
    let tool = this.toolsBefore(line) - 1;
    for (let left = count; left > 1; left -= 1) {
      if (turn < 0 && tool < 0) return 0;
      if (tool < 0 || (turn >= 0 && this.#turnLines.at(turn) > this.#toolLines.at(tool))) turn -= 1;
      else tool -= 1;
    }
    if (turn < 0 && tool < 0) return 0;
    return Math.max(turn < 0 ? 0 : this.#turnLines.at(turn), tool < 0 ? 0 : this.#toolLines.at(tool));
  }

  get toolCount(): number {
    return this.#toolLines.length;
  }

  /** For drawing all of them: blocks that may be longer than `toolCount`. An end of Infinity is none. */
  get toolSpans(): { starts: Float64Array; ends: Float64Array } {
    return { starts: this.#toolStarts.items, ends: this.#toolEnds.items };
  }

  /** The line that first told of a tool call. */
  toolLine(index: number): number {
    return this.#toolLines.at(index);
  }

  isToolFailed(index: number): boolean {
    return this.#words.word(this.#toolStates.at(index)) === "failed";
  }

  /** What a tool call does: read, edit, execute, ... */
  toolKind(index: number): string {
    return this.#words.word(this.#toolKinds.at(index));
  }

  /** What the agent calls the tool, or else what that does. */
  toolName(index: number): string {
    const name = this.#toolsCalled.at(index);
    return name === NOWHERE ? this.toolKind(index) : this.#words.word(name);
  }

  /** As it was known at a moment; without one, or before it began, the newest. */
  toolLabel(index: number, at = Number.POSITIVE_INFINITY): string {
    const earlier = at < this.#toolStarts.at(index) ? null : this.#toolNames.get(index);
    const title = earlier?.findLast((each) => each.at <= at)?.title ?? this.#toolTitles[index] ?? "";
    return title === "" ? this.#words.word(this.#toolKinds.at(index)) : title;
  }

  #request(request: Request & { readonly id: string }, line: number): void {
    this.#open = request;
    this.#requestLines.push(line);
    this.#answerLines.push(NOWHERE);
    this.#requestKinds.push(request.kind === "load" ? LOAD : PROMPT);
    this.#requestIds.push(request.id);
  }

  #requestAt(index: number): Request {
    const id = this.#requestIds[index] ?? "";
    return { kind: this.#requestKinds.at(index) === LOAD ? "load" : "prompt", id };
  }

  #plan(line: number): void {
    const turn = this.#plans.length - 1;
    if (turn < 0) this.#firstPlan = Math.min(this.#firstPlan, line);
    else if (this.#plans.at(turn) === NOWHERE) this.#plans.set(turn, line);
  }

  #name(index: number, line: number, at: number, title: string): void {
    const first = this.#toolLines.at(index);
    const known = this.#toolTitles[index] ?? "";
    if (title === known) return;
    this.#toolTitles[index] = title;
    if (line === first) return;
    const names = this.#toolNames.get(index) ?? [
      { line: first, at: this.#toolStarts.at(index), title: known },
    ];
    names.push({ line, at, title });
    this.#toolNames.set(index, names);
  }

  #tool(row: SessionRow & { is: "tool" }, at: number): void {
    let index = this.#byCall.get(row.call);
    if (index === undefined) {
      index = this.toolCount;
      this.#byCall.set(row.call, index);
      this.#toolLines.push(row.line);
      this.#toolStarts.push(at);
      this.#toolEnds.push(Number.POSITIVE_INFINITY);
      this.#toolTitles.push("");
      this.#toolKinds.push(this.#words.code("other"));
      this.#toolsCalled.push(NOWHERE);
      this.#toolStates.push(this.#words.code("pending"));
    }
    if (row.title !== null) this.#name(index, row.line, at, row.title);
    if (row.kind !== null) this.#toolKinds.set(index, this.#words.code(row.kind));
    if (row.tool !== undefined) this.#toolsCalled.set(index, this.#words.code(row.tool));
    if (row.status !== null) this.#toolStates.set(index, this.#words.code(row.status));
    const ended = isOver(this.#words.word(this.#toolStates.at(index)));
    if (!ended) this.#toolEnds.set(index, Number.POSITIVE_INFINITY);
    else if (this.#toolEnds.at(index) === Number.POSITIVE_INFINITY) this.#toolEnds.set(index, at);
  }
}
