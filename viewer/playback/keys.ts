import { computed, signal } from "@preact/signals";
import { actOf, type KeyAct } from "./keyboard.ts";
import { jumpToLive, jumpToStart, openRunId, seekBy, togglePlay } from "./playback.ts";
import { stepAttempt, stepError, stepEvent } from "./stepping.ts";

const PAGE_MS = 10_000;

/** Is it shown what all the keys do? */
const keysShownSignal = signal(false);
export const keysShown = computed(() => keysShownSignal.value);

export function showKeys(isShown: boolean): void {
  keysShownSignal.value = isShown;
}

export function perform(act: KeyAct): void {
  switch (act) {
    case "toggle":
      return togglePlay();
    case "previous_event":
      return stepEvent(-1);
    case "next_event":
      return stepEvent(1);
    case "previous_step":
      return stepAttempt(-1);
    case "next_step":
      return stepAttempt(1);
    case "previous_error":
      return stepError(-1);
    case "next_error":
      return stepError(1);
    case "back":
      return seekBy(-PAGE_MS);
    case "forward":
      return seekBy(PAGE_MS);
    case "start":
      return jumpToStart();
    case "live":
      return jumpToLive();
    case "keys":
      return showKeys(true);
  }
}

/** Where text is typed every key is text; the slider answers its keys itself; behind a dialog nothing is played. */
const OWN_ALL =
  "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=slider], dialog";
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
/** The keys that a control under the focus needs for itself. */
const OWN_SOME: readonly (readonly [selector: string, keys: readonly string[]])[] = [
  ["input[type=radio]", [" ", ...ARROWS]],
  ["input[type=checkbox]", [" "]],
  ["[role=tab]", [" ", "Home", "End", ...ARROWS]],
  [".node-button", [" ", "Home", "End", ...ARROWS]],
  ["button, summary", [" "]],
];

function ownsKey(target: Element, key: string): boolean {
  if (target.closest(OWN_ALL) !== null) return true;
  if ((key === "Home" || key === "End") && isScrolled(target)) return true;
  return OWN_SOME.some(([selector, keys]) => keys.includes(key) && target.closest(selector) !== null);
}

/** Does the focus lie in a list that has a beginning and an end to scroll to? */
function isScrolled(target: Element): boolean {
  for (let box: Element | null = target; box !== null && box !== document.body; box = box.parentElement) {
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY))
      return true;
  }
  return false;
}

/** Nobody under the focus wants this key for itself. */
export function isForPlayer(event: KeyboardEvent): boolean {
  const { defaultPrevented, key, target } = event;
  return !defaultPrevented && target instanceof Element && !ownsKey(target, key);
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    const act = actOf(event);
    if (act === null || openRunId.peek() === null || !isForPlayer(event)) return;
    event.preventDefault();
    perform(act);
  });

  // What was pressed with a pointer gives the keys back to the player. Who moves by keyboard keeps the focus.
  document.addEventListener("click", (event) => {
    const focused = document.activeElement;
    if (event.detail === 0 || !(focused instanceof HTMLElement || focused instanceof SVGElement)) return;
    if (OWN_SOME.some(([selector]) => focused.matches(selector))) focused.blur();
  });
}
