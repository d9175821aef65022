import { setTheme, type Theme, theme, THEMES } from "./theme.ts";
import "./theme-switch.css";

const WORDS: Readonly<Record<Theme, string>> = { system: "Auto", light: "Light", dark: "Dark" };

/** One small button that goes round the three choices. */
export function ThemeSwitch() {
  const current = theme.value;
  const next = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      class="theme-switch"
      aria-label={`Theme: ${WORDS[current]}`}
      title={`Theme: ${WORDS[current]}`}
      onClick={() => setTheme(next)}
    >
      <i class={`theme-disc ${current}`} />
      {WORDS[current]}
    </button>
  );
}
