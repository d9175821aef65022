import { nodeOf, type OutlineResult, type OutlineRow, type OutlineTest } from "./outline.ts";
import type { Counted } from "./counting.ts";
import { isTestState } from "./tally.ts";
import { MARKS } from "./turn-lines.ts";
import type { Usage } from "./usage.ts";

/**
 * Rows of an outline as they are sent: `[line, at, kind, ...]`, where line and at
 * are how much they grew since the row before in the block. A million events give
 * some 600,000 rows, and their names and repeated figures would be most of them.
 */
export type WireRow = readonly (string | number | null)[];

/** A block of rows stands by itself: its first row counts from 0. An `at` of null is not known yet. */
export function encodeRows(rows: readonly OutlineRow[]): WireRow[] {
  let [line, at] = [0, 0];
  return rows.map((row) => {
    const place = [row.line - line, Number.isFinite(row.at) ? row.at - at : null];
    line = row.line;
    if (Number.isFinite(row.at)) at = row.at;
    return [...place, ...restOf(row)];
  });
}

/** Rows of a kind that is not known are left out. */
export function decodeRows(wire: readonly WireRow[]): OutlineRow[] {
  let [line, at] = [0, 0];
  const rows: OutlineRow[] = [];
  for (const row of wire) {
    line += Number(row[0]);
    const isKnown = typeof row[1] === "number";
    if (isKnown) at += Number(row[1]);
    const decoded = rowOf(line, isKnown ? at : Number.NEGATIVE_INFINITY, row);
    if (decoded !== null) rows.push(decoded);
  }
  return rows;
}

function restOf(row: OutlineRow): WireRow {
  switch (row.is) {
    case "begin": {
      // The node is mostly the attempt without its number.
      const node = row.node === nodeOf(row.attempt) ? null : row.node;
      const began: WireRow = ["b", row.attempt, row.kind, row.detail, node];
      const { test, turn } = row;
      if (turn !== undefined) return [...began, turn.title];
      if (test === undefined) return began;
      const { isBaseline, name, since, suite, target } = test;
      return [...began, name, suite, target, since, ...(isBaseline === true ? [1] : [])];
    }
    case "detail":
      return ["d", row.attempt, row.detail];
    case "end":
      if (row.result !== undefined)
        return ["e", row.attempt, row.outcome, row.error, ...wireResult(row.result)];
      return row.error === null
        ? ["e", row.attempt, row.outcome]
        : ["e", row.attempt, row.outcome, row.error];
    case "prompt":
      return ["p", row.attempt, row.session];
    case "grade":
      return ["g"];
    case "files":
      return ["f", row.attempt];
    case "counted":
      return ["k", row.counted.total, ...wireSums(row.counted)];
    case "usage":
      return ["u", row.attempt, row.session, row.model, row.isRepeated ? 1 : 0, ...wireUsage(row.usage)];
    case "mark":
      return ["m", row.attempt, row.session, row.mark, row.text];
    case "agent":
      return ["s", row.session, row.name, row.call, row.parent];
    case "agent-over":
      return ["v", row.session];
    case "over":
      return ["o"];
    case "turn":
      return ["t", row.id];
    case "load":
      return ["l", row.id];
    case "answer":
      return row.tokens === null ? ["a", row.id] : ["a", row.id, row.tokens];
    case "cost":
      return ["$", row.amount, row.currency];
    case "plan":
      return ["n"];
    case "tool":
      return ["c", row.call, row.status, row.title, row.kind, ...(row.tool === undefined ? [] : [row.tool])];
  }
}

function rowOf(line: number, at: number, row: WireRow): OutlineRow | null {
  const text = (place: number) => String(row[place] ?? "");
  const maybe = (place: number) => (row[place] === null || row[place] === undefined ? null : text(place));
  switch (row[2]) {
    case "b":
      return {
        line,
        at,
        is: "begin",
        attempt: text(3),
        kind: text(4),
        detail: maybe(5),
        node: maybe(6) ?? nodeOf(text(3)),
        ...(row[4] === "turn" ? { turn: { title: text(7) } } : testOf(row)),
      };
    case "d":
      return { line, at, is: "detail", attempt: text(3), detail: text(4) };
    case "e":
      return { line, at, is: "end", attempt: text(3), outcome: text(4), error: maybe(5), ...resultOf(row) };
    case "p":
      return { line, at, is: "prompt", attempt: text(3), session: text(4) };
    case "g":
      return { line, at, is: "grade" };
    case "f":
      return { line, at, is: "files", attempt: text(3) };
    case "k":
      return { line, at, is: "counted", counted: countedOf(row) };
    case "u":
      return {
        line,
        at,
        is: "usage",
        attempt: maybe(3),
        session: text(4),
        model: maybe(5),
        isRepeated: row[6] === 1,
        usage: usageOf(row),
      };
    case "m": {
      const mark = MARKS.find((each) => each === row[5]);
      return mark === undefined
        ? null
        : { line, at, is: "mark", attempt: maybe(3), session: text(4), mark, text: text(6) };
    }
    case "s":
      return { line, at, is: "agent", session: text(3), name: text(4), call: maybe(5), parent: maybe(6) };
    case "v":
      return { line, at, is: "agent-over", session: text(3) };
    case "o":
      return { line, at, is: "over" };
    case "t":
      return { line, at, is: "turn", id: text(3) };
    case "l":
      return { line, at, is: "load", id: text(3) };
    case "a":
      return { line, at, is: "answer", id: text(3), tokens: typeof row[4] === "number" ? row[4] : null };
    case "$":
      return { line, at, is: "cost", amount: Number(row[3]), currency: text(4) };
    case "n":
      return { line, at, is: "plan" };
    case "c": {
      const [status, title, kind, tool] = [maybe(4), maybe(5), maybe(6), maybe(7)];
      return { line, at, is: "tool", call: text(3), status, title, kind, ...(tool === null ? {} : { tool }) };
    }
    default:
      return null;
  }
}

function testOf(row: WireRow): { readonly test?: OutlineTest } {
  const [name, suite, target, since, baseline] = row.slice(7);
  if (typeof name !== "string") return {};
  const test = { name, suite: maybeText(suite), target: maybeText(target), since: maybeNumber(since) };
  return { test: baseline === 1 ? { ...test, isBaseline: true } : test };
}

function wireResult({ costUsd, durationMs, score, state, talk, tokens }: OutlineResult): WireRow {
  return [state, score, durationMs, tokens, costUsd, ...(talk ?? [])];
}

function resultOf(row: WireRow): { readonly result?: OutlineResult } {
  const [state, score, durationMs, tokens, costUsd, from, to] = row.slice(6);
  if (!isTestState(state)) return {};
  return {
    result: {
      state,
      score: maybeNumber(score),
      durationMs: maybeNumber(durationMs),
      tokens: maybeNumber(tokens),
      costUsd: maybeNumber(costUsd),
      talk: typeof from === "number" && typeof to === "number" ? [from, to] : null,
    },
  };
}

function wireUsage(usage: Usage): WireRow {
  const { cacheReadTokens, cacheWrite1hTokens, cacheWriteTokens, inputTokens, outputTokens } = usage;
  const tokens = [inputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens, outputTokens];
  return [...tokens, usage.unpricedTokens, usage.costUsd];
}

function usageOf(row: WireRow): Usage {
  const amount = (place: number) => maybeNumber(row[place]) ?? 0;
  return {
    inputTokens: amount(7),
    cacheReadTokens: amount(8),
    cacheWriteTokens: amount(9),
    cacheWrite1hTokens: amount(10),
    outputTokens: amount(11),
    unpricedTokens: amount(12),
    costUsd: maybeNumber(row[13]),
  };
}

function wireSums({ sums }: Counted): WireRow {
  return sums === null ? [] : [sums.passed, sums.failed, sums.error, sums.skipped];
}

function countedOf(row: WireRow): Counted {
  const [total, ...sums] = row.slice(3).map(Number);
  const [passed, failed, error, skipped] = sums;
  const isSummed =
    passed !== undefined && failed !== undefined && error !== undefined && skipped !== undefined;
  return { total: total ?? 0, sums: isSummed ? { passed, failed, error, skipped } : null };
}

function maybeText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function maybeNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
