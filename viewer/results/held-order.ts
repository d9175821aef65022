import type { ResultRow } from "../playback/test-rows.ts";

/**
 * The rows as they are now, each where its test stood before; what was not there
 * comes at the end. So nothing moves under a pointer.
 */
export function inHeldOrder(before: readonly ResultRow[], now: readonly ResultRow[]): readonly ResultRow[] {
  const left = new Map(now.map((row) => [nameOf(row), row]));
  const held: ResultRow[] = [];
  for (const row of before) {
    const same = left.get(nameOf(row));
    if (same === undefined) continue;
    left.delete(nameOf(row));
    held.push(same);
  }
  return [...held, ...left.values()];
}

/** A test that is run again stays the same row; of its earlier attempts each is one of its own. */
function nameOf({ attempts, line, node, number }: ResultRow): string {
  return number === attempts ? `of ${node}` : `at ${line}`;
}
