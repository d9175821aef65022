import type { Side, TestAt } from "./side.ts";

/**
 * What has become of a test from one run to the other, the most telling first.
 *
 * `pending`: in one of the runs it has no result yet. `left` and `right`: the
 * other run has ended without it.
 */
export const CHANGES = ["failing", "passing", "changed", "pending", "right", "left", "same"] as const;
export type Change = (typeof CHANGES)[number];

/** The figures that are compared, of a test and of a run. */
export const FIGURES = ["passRate", "errors", "score", "durationMs", "tokens", "costUsd"] as const;
export type Figure = (typeof FIGURES)[number];

/** Those of a test. */
type TestFigure = Exclude<Figure, "passRate" | "errors">;

/** Of a run; null where nobody told. */
type Figures = Readonly<Record<Figure, number | null>>;

interface Totals extends Figures {
  /** What its tests were run with, where that is one and the same. */
  readonly target: string | null;
  readonly done: number;
  readonly passed: number;
  readonly planned: number;
}

/** A test of both runs, or of one. What it changed by is right less left; null where one of them is not known. */
export interface Pair extends Readonly<Record<TestFigure, number | null>> {
  readonly key: string;
  readonly name: string;
  readonly suite: string | null;
  readonly target: string | null;
  readonly left: TestAt | null;
  readonly right: TestAt | null;
  readonly change: Change;
}

export interface Comparison {
  readonly left: Totals;
  readonly right: Totals;
  readonly pairs: readonly Pair[];
  readonly counts: Readonly<Record<Change, number>>;
  /** Tests are told apart by their targets too: a run has several. */
  readonly hasTargets: boolean;
  /** What any test of both runs tells of: the rest needs no column. */
  readonly hasFigure: Readonly<Record<TestFigure, boolean>>;
  /** Both have ended: what they took in all can be compared. */
  readonly isSettled: boolean;
}

/** From the left run to the right one. */
export function compare(left: Side, right: Side): Comparison {
  const hasTargets = targetsOf(left).size > 1 || targetsOf(right).size > 1;
  const lefts = keyed(left.tests, hasTargets);
  const rights = keyed(right.tests, hasTargets);
  const keys = new Set([...rights.keys(), ...lefts.keys()]);
  const by: Record<Change, Pair[]> = {
    failing: [],
    passing: [],
    changed: [],
    pending: [],
    right: [],
    left: [],
    same: [],
  };
  for (const key of keys) {
    const pair = pairOf(key, lefts.get(key) ?? null, rights.get(key) ?? null, left.isOver, right.isOver);
    if (pair !== null) by[pair.change].push(pair);
  }
  by.changed.sort(worstFirst);
  const pairs = CHANGES.flatMap((change) => by[change]);
  const hasAny = (figure: TestFigure) => pairs.some((pair) => pair[figure] !== null);
  return {
    left: totalsOf(left),
    right: totalsOf(right),
    pairs,
    counts: {
      failing: by.failing.length,
      passing: by.passing.length,
      changed: by.changed.length,
      pending: by.pending.length,
      right: by.right.length,
      left: by.left.length,
      same: by.same.length,
    },
    hasTargets,
    hasFigure: {
      score: hasAny("score"),
      durationMs: hasAny("durationMs"),
      tokens: hasAny("tokens"),
      costUsd: hasAny("costUsd"),
    },
    isSettled: left.isOver && right.isOver,
  };
}

function targetsOf({ tests }: Side): Set<string | null> {
  return new Set(tests.map(({ target }) => target));
}

/** Two models are two targets: where each run has one, their tests are the same by suite and name. */
function keyed(tests: readonly TestAt[], hasTargets: boolean): Map<string, TestAt> {
  const known = new Map<string, TestAt>();
  for (const test of tests) {
    const name = `${part(test.suite)}${part(test.name)}${hasTargets ? part(test.target) : ""}`;
    // Tests of one name are told apart by their order.
    let key = name;
    for (let number = 2; known.has(key); number += 1) key = `${name}#${number}`;
    known.set(key, test);
  }
  return known;
}

/** With its length before it, no part can be taken for two, nor two for one. */
function part(name: string | null): string {
  return name === null ? "-" : `${name.length}:${name}`;
}

function pairOf(
  key: string,
  left: TestAt | null,
  right: TestAt | null,
  isLeftOver: boolean,
  isRightOver: boolean,
): Pair | null {
  const named = right ?? left;
  if (named === null) return null;
  const { name, suite, target } = named;
  return {
    key,
    name,
    suite,
    target,
    left,
    right,
    change: changeOf(left, right, isLeftOver, isRightOver),
    score: difference(left?.score, right?.score),
    durationMs: difference(left?.durationMs, right?.durationMs),
    tokens: difference(left?.tokens, right?.tokens),
    costUsd: difference(left?.costUsd, right?.costUsd),
  };
}

function changeOf(
  left: TestAt | null,
  right: TestAt | null,
  isLeftOver: boolean,
  isRightOver: boolean,
): Change {
  if (left === null) return isLeftOver ? "right" : "pending";
  if (right === null) return isRightOver ? "left" : "pending";
  if (left.state === "running" || right.state === "running") return "pending";
  if (left.state === "passed" && isBad(right)) return "failing";
  if (isBad(left) && right.state === "passed") return "passing";
  return left.state === right.state && isSameScore(left.score, right.score) ? "same" : "changed";
}

function isBad({ state }: TestAt): boolean {
  return state === "failed" || state === "error";
}

/** Sums of parts of one differ in the last place by the order in which they were made. */
const SAME_SCORE = 1e-6;

function isSameScore(left: number | null, right: number | null): boolean {
  if (left === null || right === null) return left === right;
  return Math.abs(left - right) < SAME_SCORE;
}

function difference(left: number | null | undefined, right: number | null | undefined): number | null {
  return left == null || right == null ? null : right - left;
}

function worstFirst(one: Pair, other: Pair): number {
  return (one.score ?? 0) - (other.score ?? 0);
}

/** Of a run that goes on, what it took grows with what it does. */
export function growsOn(figure: Figure): boolean {
  return figure === "errors" || figure === "durationMs" || figure === "tokens" || figure === "costUsd";
}

function totalsOf(side: Side): Totals {
  const { tests, tookMs } = side;
  const [target, ...others] = targetsOf(side);
  const { done, errors, passRate, passed, total } = side.tally;
  const scores = known(
    tests.filter(({ isBaseline }) => !isBaseline),
    ({ score }) => score,
  );
  return {
    target: others.length === 0 ? (target ?? null) : null,
    done,
    passed,
    planned: total,
    passRate,
    errors,
    score: scores.length === 0 ? null : sum(scores) / scores.length,
    durationMs: tookMs,
    tokens: sumOf(known(tests, ({ tokens }) => tokens)),
    costUsd: sumOf(known(tests, ({ costUsd }) => costUsd)),
  };
}

function known(tests: readonly TestAt[], of: (test: TestAt) => number | null): number[] {
  return tests.map(of).filter((value) => value !== null);
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
