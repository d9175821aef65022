import { batch, computed, effect, signal } from "@preact/signals";
import { bringParts, wantParts } from "../live/state.ts";
import { breathe } from "../playback/breathe.ts";
import { indexed, jumps, life, moment, openRunId, playhead } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { AT_FIRST, type EventFilter, isNarrow } from "./filter.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { chosenStep } from "../steps/chosen.ts";
import type { Scope } from "../ui/scope-switch.tsx";
import { isSameRow } from "./event-row.ts";
import { joinedViews } from "./joined.ts";
import { type EventsView, newestRows, type Reach } from "./rows.ts";

/** The events as of the playhead, which of them somebody wants to see, and how many. */

const PORTION = 200;
/** Lines that are looked at for a portion; where the filter leaves few, older ones are searched. */
const DEPTH = 4096;
/** Lines that are searched at a time, and let go of then. */
const SEARCHED = 2048;
const SEARCH = "events-search";
const portions = signal({ limit: PORTION, depth: DEPTH });
/** The first row, for as long as it is to stay that. */
const hold = signal<string | null>(null);
const chosenFilter = signal<EventFilter>(AT_FIRST);
const NOTHING: Picture<EventsView> = { value: null, isReady: false, parts: [] };

/** It stays while the playhead moves. */
export const filter = computed(() => chosenFilter.value);

/** What was found further back than is looked at again and again. Those lines change no more. */
interface Older {
  /** Where the newest part begins. */
  readonly from: Reach;
  readonly view: EventsView;
  readonly of: Asked;
}

/** As long as it is the same, what was found is true. */
interface Asked {
  readonly life: unknown;
  readonly jumps: number;
  readonly filter: EventFilter;
  /** The test whose events are asked for; null for all. */
  readonly step: number | null;
}

/** Of an evaluation: the chosen test's events, or those of all tests. */
const chosenScope = signal<Scope>("all");
export const scope = computed((): Scope => (isEvaluation.value ? chosenScope.value : "all"));
export const shownStep = computed(() => (scope.value === "test" ? (chosenStep.value?.index ?? null) : null));

export function setScope(next: Scope): void {
  batch(() => {
    chosenScope.value = next;
    begin();
  });
}

const asked = computed((): Asked => ({
  life: life.value,
  jumps: jumps.value,
  filter: filter.value,
  step: shownStep.value,
}));
const found = signal<Older | null>(null);
const older = computed(() => (found.value?.of === asked.value ? found.value : null));
/** Somebody stopped the search, or it came no further. */
const stoppedAt = signal<Asked | null>(null);

/** May what is asked for be far apart? Then it is searched for. */
function isRare({ filter: chosen, step }: Asked): boolean {
  return isNarrow(chosen) || step !== null;
}

let last: EventsView | null = null;
export const events = computed((): Picture<EventsView> => {
  const known = indexed.value;
  if (known === null) return NOTHING;
  const { filter: chosen, step } = asked.value;
  const behind = older.value;
  // At a pinned moment nothing comes in, so nothing has to be held in its place.
  const first = playhead.value.kind === "paused" ? null : hold.value;
  const wish =
    behind === null
      ? { ...portions.value, first }
      : { limit: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY, first: null, from: behind.from };
  const picture = newestRows(known.run, known.index, moment.value, { ...wish, filter: chosen, step });
  const { value } = picture;
  if (value === null) return picture;
  // So much has come since that it does not reach down to what was found: then that is left out.
  const isJoined = behind !== null && !value.hasEarlier;
  last = sameAsBefore(last, isJoined ? joinedViews(behind.view, value) : value);
  return { ...picture, value: last };
});

/** May more of what the filter leaves lie further back, and is it being looked for? */
export const searching = computed((): "no" | "stopped" | "searching" => {
  const { value } = events.value;
  if (value === null || !value.hasEarlier || value.isFull || !isRare(asked.value)) return "no";
  if (value.rows.length >= portions.value.limit) return "no";
  return stoppedAt.value === asked.value ? "stopped" : "searching";
});

export function stopSearch(): void {
  stoppedAt.value = asked.peek();
}

/** Searches further and further back, for as long as there is reason to. Gives what ends it. */
export function searchOn(): () => void {
  const stop = new AbortController();
  void search(stop.signal);
  return () => stop.abort();
}

async function search(stop: AbortSignal): Promise<void> {
  const of = asked.peek();
  while (!stop.aborted && of === asked.peek() && searching.peek() === "searching") {
    const newest = events.peek().value;
    if (newest === null) break;
    const known = older.peek();
    if (known !== null && !isSameReach(known.view.reach, newest.reach)) {
      // What was found is left out by now, and is looked for again.
      found.value = null;
      continue;
    }
    const before = newest.reach;
    const portion = await searched(before, of, stop);
    if (stop.aborted || of !== asked.peek()) break;
    if (portion === null) {
      stopSearch();
      break;
    }
    const view = known === null ? portion : joinedViews(portion, known.view);
    found.value = { of, view, from: known?.from ?? before };
    await breathe();
  }
  if (!stop.aborted) wantParts(SEARCH, []);
}

/** The events of the next older lines; null where they do not come. */
async function searched(before: Reach, by: Asked, stop: AbortSignal): Promise<EventsView | null> {
  let question = "";
  while (!stop.aborted) {
    const known = indexed.peek();
    if (known === null) return null;
    const { filter: chosen, step } = by;
    const wish = { limit: Number.POSITIVE_INFINITY, depth: SEARCHED, first: null, before };
    const extent = { ...wish, filter: chosen, step };
    const { parts, value } = newestRows(known.run, known.index, moment.peek(), extent);
    if (value !== null) return value;
    const next = JSON.stringify(parts);
    if (next === question) return null;
    question = next;
    await bringParts(SEARCH, parts);
  }
  return null;
}

export function setFilter(next: EventFilter): void {
  batch(() => {
    chosenFilter.value = next;
    begin();
  });
}

export function showEarlier(): void {
  const { depth, limit } = portions.value;
  const shown = events.peek().value?.rows.length ?? 0;
  batch(() => {
    hold.value = null;
    stoppedAt.value = null;
    // What a filter leaves is searched for; all else is looked at further down.
    const further = isRare(asked.peek()) ? depth : depth + DEPTH;
    portions.value = {
      limit: searching.peek() === "no" ? Math.max(limit, shown) + PORTION : limit,
      depth: further,
    };
  });
}

/** Keeps the beginning of what is shown where it is, for as long as the reader is there. */
export function holdStill(first: string): void {
  hold.value = first;
}

export function letGo(): void {
  hold.value = null;
}

/** At another moment, or in another run, it begins with its newest part again. */
export function startEvents(): void {
  effect(() => {
    void jumps.value;
    void shownStep.value;
    begin();
  });
  effect(() => {
    void openRunId.value;
    setFilter(AT_FIRST);
  });
}

function begin(): void {
  batch(() => {
    portions.value = { limit: PORTION, depth: DEPTH };
    hold.value = null;
  });
}

/** The very rows of before where they say the same: only the others are drawn again. */
function sameAsBefore(before: EventsView | null, now: EventsView): EventsView {
  if (before === null || isSame(before, now)) return before ?? now;
  const known = new Map(before.rows.map((row) => [row.first.key, row]));
  const rows = now.rows.map((row) => {
    const same = known.get(row.first.key);
    return same !== undefined && isSameRow(same, row) ? same : row;
  });
  return { ...now, rows };
}

function isSame(left: EventsView, right: EventsView): boolean {
  return (
    left.hasEarlier === right.hasEarlier &&
    left.isFull === right.isFull &&
    left.backTo === right.backTo &&
    left.heartbeats === right.heartbeats &&
    left.rows.length === right.rows.length &&
    left.rows.every((row, index) => isSameRow(row, right.rows[index])) &&
    left.types.size === right.types.size &&
    [...left.types].every(([type, count]) => right.types.get(type) === count) &&
    left.otherTypes.size === right.otherTypes.size &&
    [...left.otherTypes].every((type) => right.otherTypes.has(type)) &&
    isSameReach(left.reach, right.reach)
  );
}

function isSameReach(left: Reach, right: Reach): boolean {
  return left.size === right.size && [...left].every(([log, line]) => right.get(log) === line);
}
