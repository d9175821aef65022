import type { Assertion, GraderResult } from "../../protocol/test-lines.ts";
import type * as v from "valibot";
import type { Detail } from "./detail.ts";
import { cutText } from "./text.ts";
import type { Row, RowAssertion, Score } from "./row.ts";

/** So many are told of a test: each takes a line, and no page shows more. */
const MOST_GRADERS = 1_000;

/** What the graders of a test said. */
export function gradersOf(row: Row, { assertions, scores }: Detail): GraderResult[] {
  if (scores.length > 0) return scores.slice(0, MOST_GRADERS).map(graderOf);
  // Where the agent failed, what stands there is its error again.
  if (assertions.length === 0 || row.execution_status === "execution_error") return [];
  const verdict = assertions.every(({ passed }) => passed) ? "pass" : "fail";
  return [{ name: "assertions", verdict, score: row.score, assertions: assertions.map(assertionOf) }];
}

function graderOf(score: Score): GraderResult {
  return {
    name: score.name,
    kind: score.type,
    verdict: verdictOf(score),
    score: score.score,
    weight: score.weight,
    message: score.reasoning ? cutText(score.reasoning) : null,
    durationMs: score.duration_ms,
    assertions: score.assertions.map(assertionOf),
  };
}

function verdictOf({ pass, verdict }: Score): GraderResult["verdict"] {
  switch (verdict) {
    case "pass":
    case "fail":
    case "skip":
      return verdict;
    default:
      return pass === true ? "pass" : "fail";
  }
}

function assertionOf({ evidence, passed, text }: RowAssertion): v.InferOutput<typeof Assertion> {
  const words = typeof evidence === "string" ? evidence : JSON.stringify(evidence ?? "");
  const isNothing = evidence == null || evidence === "";
  return { text: cutText(text), passed, ...(isNothing ? {} : { evidence: cutText(words) }) };
}
