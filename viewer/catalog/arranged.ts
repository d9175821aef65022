import { computed, signal } from "@preact/signals";
import { filterWords } from "../../src/protocol/run-words.ts";
import { keptChoice } from "../ui/kept-choice.ts";
import { lazyPart } from "../text/lazy-part.ts";

/** How the person wants the list of runs: what it is grouped by, and what of it is shown. */

const kept = keptChoice("runreel.list", ["time", "project", "kind"], "time");

export const groupedBy = signal(kept.read());

export function groupBy(choice: ReturnType<typeof kept.read>): void {
  groupedBy.value = choice;
  kept.write(choice);
}

/** Sources whose runs alone are shown; none: all are. */
export const kinds = signal<readonly string[]>([]);
/** Only what goes on. */
export const isActiveOnly = signal(false);

/** The same in the words of the filter, behind those that were typed. */
export const chosenWords = computed(() => filterWords(kinds.value, isActiveOnly.value).join(" "));

/** Most look at the list as it is: the rest comes after it. */
export const arranging = lazyPart(() => import("../arrange/arrange.ts"));
