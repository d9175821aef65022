import * as v from "valibot";
import { type DetailReader, conversation, json } from "./detail.ts";
import { list, type RowAssertion, type Score } from "./row.ts";

const Text = v.fallback(v.nullish(v.string()), null);

const Checked = v.object({
  pass: v.boolean(),
  reason: Text,
  assertion: v.fallback(v.nullish(v.object({ value: Text })), null),
});

const Graded = v.object({ component_results: list(Checked) });
const Grading = v.object({ component_results: list(Graded) });

/** AgentV 5: a row says how each grader judged, its grading file upon which assertions, in the same order. */
export const detailB: DetailReader = async (row, files) => {
  const messages = await conversation(row["transcript_raw_path"], row, files);
  const grading = await json(row["grading_path"], files, Grading);
  const graded = grading?.component_results ?? [];
  const scores = row.scores.map((score, index): Score => {
    const { component_results = [] } = graded[index] ?? {};
    return score.assertions.length > 0 ? score : { ...score, assertions: component_results.map(assertionOf) };
  });
  return { messages, scores, assertions: [] };
};

function assertionOf({ assertion, pass, reason }: v.InferOutput<typeof Checked>): RowAssertion {
  const text = assertion?.value ?? reason ?? "";
  // Where the two differ, one says what was looked for and the other what was found.
  return { text, passed: pass, evidence: reason === text ? null : reason };
}
