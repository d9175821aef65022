import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
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

const ACTIVE = "active";

/** The Tab key stops once at all of it: arrows lead on. */
function walk(event: TargetedKeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const all = [...event.currentTarget.querySelectorAll("button")];
  const at = all.findIndex((button) => button === document.activeElement);
  const next = all[placeOf(event.key, at, all.length)];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function placeOf(key: string, at: number, count: number): number {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}

/** How the list is arranged: what it is grouped by, and what of it is shown. */
export function ArrangeBar() {
  const total = runs.value?.total ?? 0;
  const { answer } = useAsked("kinds", total, (signal) => askGroups("kind", "", signal));
  const there = (answer?.groups ?? []).map(({ name }) => name).toSorted();
  const chosen = kinds.value;
  const toggle = (kind: string) => {
    kinds.value = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
  };
  const marked = useSignal("");
  const names = [...GROUPINGS.map(([choice]) => choice), ACTIVE, ...there.map((kind) => `kind ${kind}`)];
  const stop = names.includes(marked.value) ? marked.value : names[0];
  const stopOf = (name: string) => ({
    tabIndex: name === stop ? 0 : -1,
    onFocus: () => (marked.value = name),
  });
  return (
    <div class="arrange" role="toolbar" tabIndex={-1} aria-label="Arrange the runs" onKeyDown={walk}>
      <div class="arrange-by" role="group" aria-label="Group runs by">
        {GROUPINGS.map(([choice, word]) => (
          <button
            key={choice}
            type="button"
            aria-pressed={groupedBy.value === choice}
            {...stopOf(choice)}
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
        {...stopOf(ACTIVE)}
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
              {...stopOf(`kind ${kind}`)}
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
