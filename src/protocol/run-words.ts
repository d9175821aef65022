import type { RunSummary } from "./bundle.ts";
import { humanise } from "./humanise.ts";

/**
 * What a run is called, and what it is found by. The server searches all runs
 * and the page those it holds; both by these, so that they find the same.
 */

export function summaryTitle(run: RunSummary): string {
  return run.runTitle ?? (run.flowName === "" ? run.runId : humanise(run.flowName));
}

/** What a person typed, as words to be found. */
export function searchWords(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}

/** What the list calls the runs of a source. */
const KINDS = new Map([["acpx", "flow"]]);

/**
 * Does every one of the words occur in the run's title, flow, id or status, or begin the name of its kind?
 */
export function hasWords(run: RunSummary, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const status = `${run.status} ${run.status.replaceAll("_", " ")}`;
  const text = `${summaryTitle(run)} ${run.flowName} ${run.runId} ${status}`.toLowerCase();
  const kind = KINDS.get(run.source) ?? "";
  return words.every((word) => text.includes(word) || run.source.startsWith(word) || kind.startsWith(word));
}
