import type { RunSummary } from "./bundle.ts";
import { humanise } from "./humanise.ts";
import { failuresText, verdictOf } from "./verdict.ts";

/**
 * What a run is called, and what it is found by. The server searches all runs
 * and the page those it holds; both by these, so that they find the same.
 */

export function summaryTitle(run: RunSummary): string {
  return titleOf({ ...run, isEvaluation: run.tally !== undefined });
}

interface Named {
  readonly runId: string;
  readonly runTitle?: string | null | undefined;
  readonly flowName: string;
  readonly isEvaluation: boolean;
}

/** An evaluation is called as its file is. */
export function titleOf({ flowName, isEvaluation, runId, runTitle }: Named): string {
  if (runTitle != null) return runTitle;
  const name = isEvaluation ? fileTitle(flowName) : humanise(flowName);
  return name === "" ? runId : name;
}

/** "evals/arithmetic.eval.yaml" as a reader calls it: "arithmetic.eval". */
function fileTitle(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return name.replace(/(?<=.)\.(ya?ml|jsonl?|ts|js|md)$/i, "");
}

/** What a person typed, as words to be found. */
export function searchWords(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}

/** What the list calls the runs of a source. */
const KINDS = new Map([
  ["acpx", "flow"],
  ["agentv", "AgentV"],
  ["claude-code", "Claude Code"],
  ["codex", "Codex"],
]);

/** Of any other source its own name. */
export function kindOf(source: string): string {
  return KINDS.get(source) ?? source;
}

/**
 * Does every one of the words occur in the run's title, label, flow, id or status, or begin the name of its kind?
 */
export function hasWords(run: RunSummary, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const status = `${run.status} ${run.status.replaceAll("_", " ")} ${outcomeText(run)}`;
  const text = `${summaryTitle(run)} ${run.label ?? ""} ${run.flowName} ${run.runId} ${status}`.toLowerCase();
  const kinds = [run.source, kindOf(run.source), ...(run.tally === undefined ? [] : ["evaluation"])];
  return words.every(
    (word) => text.includes(word) || kinds.some((kind) => kind.toLowerCase().startsWith(word)),
  );
}

/** How an evaluation came out, as its line in the list says it. */
function outcomeText({ status, tally }: RunSummary): string {
  if (tally === undefined) return "";
  return `${verdictOf(status, tally) ?? ""} ${failuresText(tally)}`;
}
