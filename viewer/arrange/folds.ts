import { signal } from "@preact/signals";

/** What was opened and what was folded, as long as the page is open. */
const folded = signal<ReadonlyMap<string, boolean>>(new Map());

interface Fold {
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

/** Of one group; `otherwise`: as long as nobody has said. */
export function folds(key: string, otherwise: boolean): Fold {
  const isOpen = folded.value.get(key) ?? otherwise;
  return { isOpen, toggle: () => (folded.value = new Map(folded.value).set(key, !isOpen)) };
}
