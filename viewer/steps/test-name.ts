import type { StepTable } from "../playback/step-table.ts";
import type { TestName } from "../ui/route.ts";

/** What an attempt at a test is called in an address. Null: it is no test's. */
export function testNameOf(table: StepTable, step: number): TestName | null {
  if (table.tests.testOf(step) === null) return null;
  const { nodeId, number } = table.name(step);
  const isNewest = table.tests.attemptsAt(table.nodeCode(step)).at(-1) === step;
  return { node: nodeId, attempt: isNewest ? null : number };
}

/**
 * The attempt that is called so; null while none is known. Without a number it is the
 * newest that had begun by `at`, or where none had, the newest there is.
 */
export function stepNamed(table: StepTable, { attempt, node }: TestName, at: number): number | null {
  for (const code of table.tests.testCases()) {
    if (table.word(code) !== node) continue;
    const attempts = table.tests.attemptsAt(code);
    if (attempt !== null) return attempts.find((step) => table.numberOf(step) === attempt) ?? null;
    return attempts.findLast((step) => step < table.begunBy(at)) ?? attempts.at(-1) ?? null;
  }
  return null;
}
