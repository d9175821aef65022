import type { RunSummary } from "../../src/protocol/bundle.ts";
import { kindOf, summaryTitle } from "../../src/protocol/run-words.ts";
import { age, humanise, roughNumber } from "../ui/format.ts";
import { totalTokens } from "../../src/protocol/usage.ts";
import { doneText } from "../catalog/tally-text.ts";
import { usd } from "./figures.ts";
import { folderName } from "./folder-name.ts";

/** A run that goes on, in a few words. */
export interface Tile {
  readonly run: RunSummary;
  readonly title: string;
  /** What it waits for, for how long it is silent; empty where its status says it all. */
  readonly standing: string;
  readonly isWaiting: boolean;
  readonly kind: string;
  readonly folder: string;
  /** Where it is. */
  readonly step: string;
  /** What was said or done last. */
  readonly line: string;
  /** Empty where nothing is known of it. */
  readonly cost: string;
  readonly costHint: string;
}

/** Those that wait for the person first: they are what somebody can do something about. Then what goes on, the newest first, and what is silent last. */
export function tilesOf(active: readonly RunSummary[], now: number): readonly Tile[] {
  return [...active]
    .sort((a, b) => placeOf(a) - placeOf(b) || Date.parse(b.startedAt) - Date.parse(a.startedAt))
    .map((run) => tileOf(run, now));
}

function placeOf({ status }: RunSummary): number {
  switch (status) {
    case "waiting":
      return 0;
    case "stalled":
      return 2;
    case "idle":
      return 3;
    default:
      return 1;
  }
}

function tileOf(run: RunSummary, now: number): Tile {
  const { currentNode, project, source, status, tally } = run;
  return {
    run,
    title: summaryTitle(run),
    standing: standingText(run, now),
    isWaiting: status === "waiting",
    kind: kindOf(source),
    folder: project === undefined ? "" : folderName(project),
    step:
      tally === undefined
        ? currentNode === undefined
          ? ""
          : humanise(currentNode)
        : `${doneText(tally)} tests`,
    line: lineOf(run),
    ...costOf(run),
  };
}

function standingText(run: RunSummary, now: number): string {
  switch (run.status) {
    case "waiting":
      return `Waiting for you, ${age(now - Date.parse(run.updatedAt))}`;
    case "stalled":
      return `No writes for ${age(now - Date.parse(run.stalledSince ?? run.updatedAt))}`;
    case "idle":
      return `Idle, ${age(now - Date.parse(run.updatedAt))}`;
    default:
      return "";
  }
}

/** What a session waits with is not told by its files: a call without a result may just as well still run. */
function lineOf({ lastLine = "", project, status, statusDetail }: RunSummary): string {
  if (status !== "waiting" || project === undefined || statusDetail === undefined) return lastLine;
  return statusDetail.startsWith("asks: ") ? statusDetail : `May still run: ${statusDetail}`;
}

/** A run whose price is known in part has cost at least that much. */
function costOf({ usage }: RunSummary): Pick<Tile, "cost" | "costHint"> {
  if (usage === undefined) return { cost: "", costHint: "" };
  const { costUsd, unpricedTokens } = usage;
  const tokens = `${roughNumber(totalTokens(usage))} tokens`;
  if (unpricedTokens === 0) return { cost: usd(costUsd), costHint: tokens };
  const unpriced = `${roughNumber(unpricedTokens)} of them without a known price`;
  return { cost: costUsd === null ? "unpriced" : `${usd(costUsd)} +`, costHint: `${tokens}, ${unpriced}` };
}
