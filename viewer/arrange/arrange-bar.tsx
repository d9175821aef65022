import { kindOf } from "../../src/protocol/run-words.ts";
import { groupBy, groupedBy, isActiveOnly, kinds } from "../catalog/arranged.ts";
import { runs } from "../live/state.ts";
import { askGroups } from "./ask-groups.ts";
import { useAsked } from "./use-asked.ts";
import "./arrange-bar.css";

const GROUPINGS = [
  ["time", "Time"],
  ["project", "Project"],
  ["kind", "Kind"],
] as const;

/** How the list is arranged: what it is grouped by, and what of it is shown. */
export function ArrangeBar() {
  const total = runs.value?.total ?? 0;
  const { answer } = useAsked("kinds", total, (signal) => askGroups("kind", "", signal));
  const there = (answer?.groups ?? []).map(({ name }) => name).toSorted();
  const chosen = kinds.value;
  const toggle = (kind: string) => {
    kinds.value = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
  };
  return (
    <div class="arrange">
      <div class="arrange-by" role="group" aria-label="Group runs by">
        {GROUPINGS.map(([choice, word]) => (
          <button
            key={choice}
            type="button"
            aria-pressed={groupedBy.value === choice}
            onClick={() => groupBy(choice)}
          >
            {word}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="arrange-chip"
        aria-pressed={isActiveOnly.value}
        title="Only what goes on"
        onClick={() => (isActiveOnly.value = !isActiveOnly.value)}
      >
        Active
      </button>
      {(there.length > 1 || chosen.length > 0) && (
        <div class="arrange-kinds" role="group" aria-label="Kinds of runs">
          {there.map((kind) => (
            <button
              key={kind}
              type="button"
              class="arrange-chip"
              aria-pressed={chosen.includes(kind)}
              onClick={() => toggle(kind)}
            >
              {kindOf(kind)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
