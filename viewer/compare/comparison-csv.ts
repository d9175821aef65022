import { csvText } from "../text/csv-text.ts";
import type { Comparison } from "./comparison.ts";

const COLUMNS = [
  "suite",
  "test",
  "change",
  ...["run", "target", "state", "score", "duration_ms", "tokens", "cost_usd"].flatMap((name) => [
    `${name}_before`,
    `${name}_after`,
  ]),
  "error_before",
  "error_after",
];

/** In a file nobody sees the sides, so that they are called what they are to each other. */
const CHANGE_WORDS = {
  failing: "newly failing",
  passing: "newly passing",
  changed: "changed",
  pending: "pending",
  left: "only before",
  right: "only after",
  same: "same",
} as const;

/** The comparison of two runs, a line a test. */
export function comparisonCsv({ pairs }: Comparison, leftId: string, rightId: string): string {
  const rows = pairs.map(({ change, left, name, right, suite }) => [
    suite,
    name,
    CHANGE_WORDS[change],
    leftId,
    rightId,
    ...[left?.target, right?.target].map((target) => target ?? null),
    ...[left?.state, right?.state].map((state) => state ?? null),
    ...[left?.score, right?.score].map((score) => score ?? null),
    ...[left?.durationMs, right?.durationMs].map((ms) => ms ?? null),
    ...[left?.tokens, right?.tokens].map((tokens) => tokens ?? null),
    ...[left?.costUsd, right?.costUsd].map((cost) => cost ?? null),
    ...[left?.error, right?.error].map((error) => error ?? null),
  ]);
  return csvText([COLUMNS, ...rows]);
}
