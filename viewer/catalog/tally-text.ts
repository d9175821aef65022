import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import { failuresText } from "../../src/protocol/verdict.ts";
import { percent } from "../ui/percent.ts";

/** How an evaluation's line in the list tells of its tests. */

/** While it goes on: how many have a result, of how many. */
export function doneText({ done, total }: Tally): string {
  return `${done}/${total}`;
}

/** At its end what counts comes first: "89 %"; null where nothing says it. */
export function rateText({ passRate }: Tally): string | null {
  return passRate === null ? null : percent(passRate);
}

/** And what there is to say beside it; how many passed only where all did. */
export function restText(tally: Tally): string {
  return othersText(tally) || `${tally.passed} passed`;
}

function othersText(tally: Tally): string {
  const { done, skipped, total } = tally;
  return [
    ...failuresText(tally).split(", ").filter(Boolean),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(done === total ? [] : [`${total - done} not run`]),
  ].join(" · ");
}

/** All of it in words, for who does not see the bar, and for a pointer that rests on it. */
export function tallyWords({ done, errors, failed, passed, skipped, total }: Tally): string {
  const skips = skipped === 0 ? "" : `, ${skipped} skipped`;
  return `${done} of ${total} tests done: ${passed} passed, ${failed} failed, ${errors} ${errors === 1 ? "error" : "errors"}${skips}`;
}

/** What the row's own title says beside its id and place. */
export function rowTitle({ label, lastLine, path, project, runId, tally }: RunSummary): string {
  const rate = tally?.passRate == null ? "" : `, pass rate ${percent(tally.passRate)}`;
  const words = tally === undefined ? "" : `${tallyWords(tally)}${rate}`;
  return [words, label, lastLine, project, runId, path].filter(Boolean).join("\n");
}
