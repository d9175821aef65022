import type { DetailReader } from "./detail.ts";
import { detailA } from "./detail-a.ts";
import { detailB } from "./detail-b.ts";

/** Where a version of AgentV puts a run's files, and how it writes what a test came to. */
export interface Layout {
  readonly summary: string;
  readonly index: string;
  readonly detail: DetailReader;
}

/** AgentV 4: `.agentv/results/runs/<experiment>/<run>`. */
const layoutA: Layout = { summary: "benchmark.json", index: "index.jsonl", detail: detailA };

/** AgentV 5: `.agentv/results/<run>`. Its index is there from the first result on, its summary at once. */
const layoutB: Layout = { summary: "summary.json", index: ".internal/index.jsonl", detail: detailB };

export const LAYOUTS: readonly Layout[] = [layoutA, layoutB];
