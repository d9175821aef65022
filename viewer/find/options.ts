import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import type { FoundStep } from "./find-steps.ts";
import type { TextHit } from "./text-search.ts";

/** What the list of Find holds, and how one moves in it. */

export type GroupName = "runs" | "steps" | "text";

/** Something that can be chosen. Its key stays while other things come in around it. */
export type Option =
  | { readonly is: "run"; readonly key: string; readonly run: RunSummary }
  | { readonly is: "step"; readonly key: string; readonly step: FoundStep }
  | { readonly is: "text"; readonly key: string; readonly hit: TextHit; readonly test: OutlineTest | null }
  | { readonly is: "more"; readonly key: string; readonly of: GroupName };

export interface Group {
  readonly name: GroupName;
  readonly title: string;
  /** How many there are, as far as that is known. */
  readonly count: string;
  readonly options: readonly Option[];
  /** What else is to be said of it. */
  readonly note: string | null;
}

export function runOption(run: RunSummary): Option {
  return { is: "run", key: `run ${run.runId}`, run };
}

export function stepOption(step: FoundStep): Option {
  const key = step.is === "attempt" ? `step ${step.attempt.line}` : `tool ${step.sessionId} ${step.place}`;
  return { is: "step", key, step };
}

/** `test`: the test of an evaluation in which it was said. */
export function textOption(hit: TextHit, test: OutlineTest | null): Option {
  return { is: "text", key: `text ${hit.log} ${hit.line}`, hit, test };
}

export function moreOption(of: GroupName): Option {
  return { is: "more", key: `more ${of}`, of };
}

const PAGE = 8;

/** Where a key leads from an option; null: the key is no matter of the list. */
export function moved(key: string, from: number, count: number): number | null {
  const last = Math.max(0, count - 1);
  switch (key) {
    case "ArrowDown":
      return from >= last ? 0 : from + 1;
    case "ArrowUp":
      return from <= 0 ? last : from - 1;
    case "PageDown":
      return Math.min(last, from + PAGE);
    case "PageUp":
      return Math.max(0, from - PAGE);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
