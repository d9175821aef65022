import { batch, computed, effect, signal } from "@preact/signals";
import { jumps, life, openRunId, view } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { keptChoice, type KeptChoice, textKeptInTab } from "../ui/kept-choice.ts";
import { EVERY_TEST, type ResultFilter } from "./filter.ts";
import { inHeldOrder } from "./held-order.ts";
import { AT_FIRST, type Column, pressed, readOrder, writeOrder } from "./order.ts";
import { ResultPictures, type ResultsView, type Wish } from "./picture.ts";
import type { RowState } from "../playback/test-rows.ts";

/** The table as of the playhead, and which of it somebody wants to see, in which order. */

/** So long after the pointer last moved over the rows they stay where they are. */
const HELD_MS = 1_500;

const orderSignal = signal(AT_FIRST);
const filterSignal = signal<ResultFilter>(EVERY_TEST);
const isHeldSignal = signal(false);
const pictures = new ResultPictures();
const NOTHING: Picture<ResultsView> = { value: null, isReady: false, parts: [] };

export const order = computed(() => orderSignal.value);
/** Is every column there, also where a reader has to go sideways to see it? */
const keptColumns = keptChoice("runreel.results-columns", ["fitting", "all"], "fitting");
const allColumnsSignal = signal(keptColumns.read() === "all");
export const allColumns = computed(() => allColumnsSignal.value);

export function toggleColumns(): void {
  allColumnsSignal.value = !allColumnsSignal.peek();
  keptColumns.write(allColumnsSignal.peek() ? "all" : "fitting");
}

/** It stays while the playhead moves. */
export const filter = computed(() => filterSignal.value);
const wish = computed((): Wish => ({ order: order.value, filter: filter.value }));

/** As long as it is the same, what was shown is what the reader goes on with. */
export const asked = computed(() => ({ wish: wish.value, life: life.value, jumps: jumps.value }));

/** What was shown last, and of what. */
let last: { readonly view: ResultsView; readonly of: typeof asked.value } | null = null;

export const results = computed((): Picture<ResultsView> => {
  const current = view.value;
  const of = asked.value;
  if (current === null) return NOTHING;
  const picture = pictures.at(current, of.wish);
  if (picture.value === null) return picture;
  const isHeld = isHeldSignal.value && last?.of === of;
  const rows = isHeld ? inHeldOrder(last?.view.rows ?? [], picture.value.rows) : picture.value.rows;
  last = { of, view: { ...picture.value, rows } };
  return { ...picture, value: last.view };
});

let holding: ReturnType<typeof setTimeout> | undefined;

/** Somebody is about to press a row: the rows stay where they are for a moment. */
export function holdOrder(): void {
  clearTimeout(holding);
  holding = setTimeout(letOrderGo, HELD_MS);
  isHeldSignal.value = true;
}

export function letOrderGo(): void {
  clearTimeout(holding);
  isHeldSignal.value = false;
}

/** Who orders one run's tests has not asked for that order of another's. */
function keptOrder(runId: string | null): KeptChoice<string | null> {
  return textKeptInTab(`runreel.results-order ${runId ?? ""}`);
}

export function pressColumn(column: Column): void {
  const next = pressed(orderSignal.peek(), column);
  orderSignal.value = next;
  keptOrder(openRunId.peek()).write(writeOrder(next));
}

export function setFilter(next: ResultFilter): void {
  filterSignal.value = next;
}

/** Shows tests of this state, or if they were chosen already no longer them alone. */
export function toggleState(state: RowState): void {
  const states = new Set(filterSignal.peek().states);
  if (!states.delete(state)) states.add(state);
  setFilter({ ...filterSignal.peek(), states });
}

/** In another run it begins with all tests again, in the order that they were last seen in. */
export function startResults(): void {
  effect(() => {
    const kept = keptOrder(openRunId.value).read();
    batch(() => {
      orderSignal.value = readOrder(kept);
      setFilter(EVERY_TEST);
      letOrderGo();
    });
  });
}
