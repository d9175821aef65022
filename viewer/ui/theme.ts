import { computed, signal } from "@preact/signals";

/** The system's choice of light or dark, unless the person made their own. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "runreel.theme";
const chosen = signal<Theme>("system");
export const theme = computed(() => chosen.value);

export function startTheme(): void {
  apply(THEMES.find((known) => known === stored()) ?? "system");
}

export function setTheme(next: Theme): void {
  apply(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing still shows the choice until the page is closed.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function apply(next: Theme): void {
  chosen.value = next;
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}
