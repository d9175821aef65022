import { computed, signal } from "@preact/signals";

/** Is Find open? It can be, from anywhere on the page. */

const openSignal = signal(false);
export const isFindOpen = computed(() => openSignal.value);

export function openFind(): void {
  openSignal.value = true;
}

export function closeFind(): void {
  openSignal.value = false;
}

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** As people press it here. */
export const FIND_KEYS = isApple ? "⌘ K" : "Ctrl K";

/** Whatever has the focus: a shortcut with Ctrl is no text. */
export function startFindKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || event.ctrlKey === event.metaKey) return;
    if (event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) openSignal.value = !openSignal.peek();
  };
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}
