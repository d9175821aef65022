import { basename } from "node:path";
import * as v from "valibot";
import { Count } from "./amount.ts";

const Text = v.fallback(v.nullish(v.string()), null);
const COUNTS = ["planned_test_count"];

/**
 * benchmark.json or summary.json: a stub from the start, the whole summary at the
 * end. The list of the tests that ran tells it from any other file of that name.
 */
export const Summary = v.object({
  metadata: v.pipe(
    v.looseObject({}),
    v.transform((metadata) => ({ ...metadata, odd: COUNTS.filter((key) => isOdd(metadata[key])) })),
    v.object({
      /** Names of counts that are none, and count as missing. */
      odd: v.array(v.string()),
      eval_file: Text,
      timestamp: v.string(),
      tests_run: v.array(v.unknown()),
      experiment: Text,
      planned_test_count: Count,
      runtime_source: v.fallback(v.nullish(v.object({ eval_files: v.array(v.string()) })), null),
    }),
    v.check(
      ({ eval_file, planned_test_count }) => eval_file != null || planned_test_count != null,
      "no evaluation",
    ),
  ),
});
export type Summary = v.InferOutput<typeof Summary>;

function isOdd(count: unknown): boolean {
  return count != null && v.parse(Count, count) === null;
}

/** Written at the start, and not yet again. */
export function isStub({ metadata }: Summary): boolean {
  return metadata.tests_run.length === 0;
}

/** What is evaluated, as a person calls it. */
export function evaluationOf(summary: Summary | null, dir: string): string {
  const { eval_file, experiment, runtime_source } = summary?.metadata ?? {};
  const [file] = [eval_file, ...(runtime_source?.eval_files ?? [])].filter((path) => path);
  return (file == null ? "" : basename(file)) || experiment || basename(dir);
}
