import { computed, signal } from "@preact/signals";
import { keptChoice } from "./kept-choice.ts";

/** The system's choice of light or dark, unless the person made their own. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const kept = keptChoice<Theme>("runreel.theme", THEMES, "system");
const chosen = signal<Theme>("system");
export const theme = computed(() => chosen.value);

export function startTheme(): void {
  apply(kept.read());
}

export function setTheme(next: Theme): void {
  apply(next);
  kept.write(next);
}

function apply(next: Theme): void {
  chosen.value = next;
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}
