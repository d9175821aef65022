import { useSignal } from "@preact/signals";
import { isEvaluation } from "../playback/evaluation.ts";
import { course, seekTo } from "../playback/playback.ts";
import { clock, plural, wholeNumber } from "../ui/format.ts";
import { ScopeSwitch } from "../ui/scope-switch.tsx";
import { AT_FIRST, type EventFilter, HEARTBEAT, isNarrow } from "./filter.ts";
import { offeredTypes } from "./known-types.ts";
import type { EventsView } from "./rows.ts";
import { filter, scope, searching, setFilter, setScope, showEarlier, stopSearch } from "./shown.ts";
import "./filter-bar.css";

interface Props {
  readonly value: EventsView | null;
}

/** Which events are to be seen, by their words and their types, and how far back they reach. */
export function FilterBar({ value }: Props) {
  const isOpen = useSignal(false);
  const chosen = filter.value;
  return (
    <div class="event-filter">
      <div class="event-search">
        {isEvaluation.value && <ScopeSwitch what="events" scope={scope.value} choose={setScope} />}
        <input
          type="search"
          placeholder="Filter events"
          aria-label="Filter events"
          value={chosen.text}
          onInput={(event) => setFilter({ ...chosen, text: event.currentTarget.value })}
        />
        <button
          type="button"
          class="button"
          aria-expanded={isOpen.value}
          aria-controls="event-types"
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {chosen.types.size === 0 ? "All types" : plural(chosen.types.size, "type")}
        </button>
      </div>
      {isOpen.value && <Types chosen={chosen} value={value} />}
      {value !== null && <Reach value={value} chosen={chosen} />}
    </div>
  );
}

interface TypesProps {
  readonly chosen: EventFilter;
  readonly value: EventsView | null;
}

/** Choosing some shows these only. How many there are of each is told where all was looked at. */
function Types({ chosen, value }: TypesProps) {
  const types = offeredTypes(value?.types.keys() ?? [], value?.otherTypes ?? [], chosen.types);
  const counts = value === null || value.hasEarlier ? null : value.types;
  return (
    <fieldset class="event-types" id="event-types">
      <legend class="hidden">Types of events; none chosen means all</legend>
      {types.map((type) => (
        <label key={type}>
          <input
            type="checkbox"
            class="hidden"
            checked={chosen.types.has(type)}
            onChange={(event) => setFilter(withType(chosen, type, event.currentTarget.checked))}
          />
          <span>
            {type} {counts !== null && <span class="num">{wholeNumber(counts.get(type) ?? 0)}</span>}
          </span>
        </label>
      ))}
      {chosen.types.size > 0 && (
        <button
          type="button"
          class="quiet-button"
          onClick={() => setFilter({ ...chosen, types: AT_FIRST.types })}
        >
          All types
        </button>
      )}
    </fieldset>
  );
}

function withType(chosen: EventFilter, type: string, isWanted: boolean): EventFilter {
  const types = new Set(chosen.types);
  if (isWanted) types.add(type);
  else types.delete(type);
  return { ...chosen, types };
}

interface ReachProps {
  readonly chosen: EventFilter;
  readonly value: EventsView;
}

/** How far back the events reach that are shown, and what of them is not. */
function Reach({ chosen, value }: ReachProps) {
  const { backTo, count, hasEarlier, heartbeats, isFull } = value;
  const state = searching.value;
  const hidesBeats = heartbeats > 0 && !chosen.heartbeats;
  const mayHideThem = chosen.heartbeats && chosen.types.size === 0 && value.types.has(HEARTBEAT);
  if (!hasEarlier && !isNarrow(chosen) && !hidesBeats && !mayHideThem) return null;
  return (
    <p class="event-reach">
      <span>
        {plural(count, "event")}
        {hasEarlier && backTo !== null && (
          <>
            {isNarrow(chosen) ? ", searched back to " : ", back to "}
            <span class="num">{clock(backTo - course.value.start)}</span>
            {state === "searching" && "…"}
          </>
        )}
      </span>
      {state === "searching" && (
        <button type="button" class="quiet-button" onClick={stopSearch}>
          Stop
        </button>
      )}
      {hasEarlier && !isFull && state !== "searching" && (
        <button type="button" class="quiet-button" onClick={showEarlier}>
          {state === "stopped" ? "Search further back" : "Show earlier"}
        </button>
      )}
      {hasEarlier && isFull && backTo !== null && (
        <>
          <span>No more are shown at once</span>
          <button type="button" class="quiet-button" onClick={() => seekTo(backTo)}>
            Go there
          </button>
        </>
      )}
      {hidesBeats && <span>{plural(heartbeats, "heartbeat")} hidden</span>}
      {(hidesBeats || mayHideThem) && (
        <button
          type="button"
          class="quiet-button"
          aria-label={hidesBeats ? "Show heartbeats" : undefined}
          onClick={() => setFilter({ ...chosen, heartbeats: !chosen.heartbeats })}
        >
          {hidesBeats ? "Show" : "Hide heartbeats"}
        </button>
      )}
    </p>
  );
}
