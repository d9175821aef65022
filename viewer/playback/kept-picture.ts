import { computed, type ReadonlySignal } from "@preact/signals";
import { isSameData } from "../ui/same-data.ts";
import type { Picture } from "./picture.ts";

/** The same picture for as long as nothing in it changes, so that nothing is drawn again. */
export function keptPicture<Value>(draw: () => Picture<Value>): ReadonlySignal<Picture<Value>> {
  let last: Picture<Value> = { value: null, isReady: false, parts: [] };
  return computed(() => {
    const next = draw();
    if (!isSameData(last, next)) last = next;
    return last;
  });
}
