import { actOf, type KeyAct } from "./keyboard.ts";
import { jumpToLive, jumpToStart, seekBy, stepAttempt, stepEvent, togglePlay } from "./playback.ts";

const PAGE_MS = 10_000;

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
    case "back":
      return seekBy(-PAGE_MS);
    case "forward":
      return seekBy(PAGE_MS);
    case "start":
      return jumpToStart();
    case "live":
      return jumpToLive();
  }
}

/** Where text is typed every key is text; the slider answers its keys itself. */
const OWN_ALL = "input:not([type=radio]), textarea, select, [contenteditable], [role=slider]";
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
/** The keys that a control under the focus needs for itself. */
const OWN_SOME: readonly (readonly [selector: string, keys: readonly string[]])[] = [
  ["input[type=radio]", [" ", ...ARROWS]],
  ["[role=tab]", [" ", "Home", "End", ...ARROWS]],
  [".node-button", [" ", "Home", "End", ...ARROWS]],
  ["button, summary", [" "]],
];

function ownsKey(target: Element, key: string): boolean {
  if (target.closest(OWN_ALL) !== null) return true;
  return OWN_SOME.some(([selector, keys]) => keys.includes(key) && target.closest(selector) !== null);
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    const act = actOf(event);
    if (act === null || event.defaultPrevented || !(event.target instanceof Element)) return;
    if (ownsKey(event.target, event.key)) return;
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
