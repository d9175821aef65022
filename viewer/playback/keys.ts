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

/** What has keys of its own keeps them: text is typed there, a tab or a button is pressed. */
const OWN_ARROWS = "input, textarea, select, [contenteditable], [role=tab], [role=slider], [role=radio]";
const OWN_SPACE = `${OWN_ARROWS}, button, summary`;

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    const act = actOf(event);
    if (act === null || event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.target.closest(event.key === " " ? OWN_SPACE : OWN_ARROWS) !== null) return;
    event.preventDefault();
    perform(act);
  });
}
