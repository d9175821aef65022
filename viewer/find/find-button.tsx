import { Glyph } from "../ui/glyph.tsx";
import { FIND_KEYS, openFind } from "./opened.ts";
import "./find-button.css";

/** Looks like the field that it opens. */
export function FindBox() {
  return (
    <button type="button" class="find-box" aria-haspopup="dialog" aria-keyshortcuts={KEYS} onClick={openFind}>
      <Glyph name="search" />
      <span class="clip">Find runs, steps, text</span>
      <kbd aria-hidden="true">{FIND_KEYS}</kbd>
    </button>
  );
}

/** Where there is room for a picture only. */
export function FindGlass() {
  return (
    <button
      type="button"
      class="find-glass"
      aria-label="Find runs, steps, text"
      aria-haspopup="dialog"
      aria-keyshortcuts={KEYS}
      onClick={openFind}
    >
      <Glyph name="search" />
    </button>
  );
}

const KEYS = "Control+K Meta+K";
