import type { RunSummary } from "./bundle.ts";
import { isActive } from "./going-on.ts";
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
 * Does every one of the words occur in the run's title, label, flow, project, id or status, or begin the
 * name of its kind? "kind:codex,agentv" finds those of some kinds alone, "is:active" what is going on.
 */
export function hasWords(run: RunSummary, words: readonly string[], now = Date.now()): boolean {
  if (words.length === 0) return true;
  const others = words.filter((word) => !isFilter(word));
  if (others.length < words.length && !words.every((word) => passes(run, word, now))) return false;
  return others.length === 0 || isFoundBy(run, others);
}

const KIND = "kind:";
const ACTIVE = "is:active";

/** The words that a choice of kinds, and of what is going on alone, stands for. */
export function filterWords(kinds: readonly string[], isActive: boolean): string[] {
  return [...(kinds.length === 0 ? [] : [KIND + kinds.join(",")]), ...(isActive ? [ACTIVE] : [])];
}

function isFilter(word: string): boolean {
  return word === ACTIVE || (word.startsWith(KIND) && word.length > KIND.length);
}

function passes(run: RunSummary, word: string, now: number): boolean {
  if (word === ACTIVE) return isActive(run, now);
  if (!isFilter(word)) return true;
  const kind = kindOf(run.source).toLowerCase();
  return word
    .slice(KIND.length)
    .split(",")
    .some((wanted) => wanted === run.source || (wanted !== "" && kind.startsWith(wanted)));
}

/** What a run is found by, in small letters; a line is searched far oftener than it changes. */
interface Sought {
  readonly text: string;
  readonly kinds: readonly string[];
}

const sought = new WeakMap<RunSummary, Sought>();

function isFoundBy(run: RunSummary, words: readonly string[]): boolean {
  let known = sought.get(run);
  if (known === undefined) {
    known = soughtOf(run);
    sought.set(run, known);
  }
  const { kinds, text } = known;
  return words.every((word) => text.includes(word) || kinds.some((kind) => kind.startsWith(word)));
}

function soughtOf(run: RunSummary): Sought {
  const status = `${run.status} ${run.status.replaceAll("_", " ")} ${outcomeText(run)}`;
  const names = `${summaryTitle(run)} ${run.label ?? ""} ${run.flowName} ${run.project ?? ""} ${run.runId}`;
  const text = `${names} ${status}`.toLowerCase();
  const kinds = [run.source, kindOf(run.source), ...(run.tally === undefined ? [] : ["evaluation"])];
  return { text, kinds: kinds.map((kind) => kind.toLowerCase()) };
}

/** How an evaluation came out, as its line in the list says it. */
function outcomeText({ status, tally }: RunSummary): string {
  if (tally === undefined) return "";
  return `${verdictOf(status, tally) ?? ""} ${failuresText(tally)}`;
}
