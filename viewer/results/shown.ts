import { batch, computed, effect, signal } from "@preact/signals";
import { jumps, life, openRunId, view } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { keptText } from "../ui/kept-choice.ts";
import { EVERY_TEST, type ResultFilter } from "./filter.ts";
import { inHeldOrder } from "./held-order.ts";
import { type Column, pressed, readOrder, writeOrder } from "./order.ts";
import { ResultPictures, type ResultsView, type Wish } from "./picture.ts";
import type { RowState } from "./row.ts";

/** The table as of the playhead, and which of it somebody wants to see, in which order. */

/** So long after the pointer last moved over the rows they stay where they are. */
const HELD_MS = 1_500;

const keptOrder = keptText("runreel.results-order");
const orderSignal = signal(readOrder(keptOrder.read()));
const filterSignal = signal<ResultFilter>(EVERY_TEST);
const isHeldSignal = signal(false);
const pictures = new ResultPictures();
const NOTHING: Picture<ResultsView> = { value: null, isReady: false, parts: [] };

export const order = computed(() => orderSignal.value);
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

export function pressColumn(column: Column): void {
  const next = pressed(orderSignal.peek(), column);
  orderSignal.value = next;
  keptOrder.write(writeOrder(next));
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

/** In another run it begins with all tests again. The order stays. */
export function startResults(): void {
  effect(() => {
    void openRunId.value;
    batch(() => {
      setFilter(EVERY_TEST);
      letOrderGo();
    });
  });
}
