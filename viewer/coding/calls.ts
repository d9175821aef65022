import { firstWhere } from "../playback/columns.ts";
import type { SessionTable } from "../playback/session-table.ts";

/** The tool calls of a stretch of a session, by the names of the tools. */
export interface ToolSum {
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  /** Together, of those that were over. */
  readonly tookMs: number;
  /** Still without a result. */
  readonly open: number;
}

interface Stretch {
  readonly from: number;
  /** Those that began then are the next one's. */
  readonly until: number;
  /** As it was known then. */
  readonly at: number;
}

export function toolSums(table: SessionTable, { at, from, until }: Stretch): ToolSum[] {
  const { ends, starts } = table.toolSpans;
  const count = table.toolsBy(at);
  const sums = new Map<string, ToolSum>();
  for (let place = firstWhere(count, (each) => starts[each]! >= from); place < count; place += 1) {
    const start = starts[place]!;
    if (start >= until) break;
    const name = table.toolName(place);
    const sum = sums.get(name) ?? { name, count: 0, failed: 0, tookMs: 0, open: 0 };
    const end = ends[place]!;
    const isOver = end <= at && end < Number.POSITIVE_INFINITY;
    sums.set(name, {
      name,
      count: sum.count + 1,
      failed: sum.failed + (isOver && table.isToolFailed(place) ? 1 : 0),
      tookMs: sum.tookMs + (isOver ? end - start : 0),
      open: sum.open + (isOver ? 0 : 1),
    });
  }
  return [...sums.values()].toSorted((left, right) => right.count - left.count);
}
