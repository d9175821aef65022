import Anser from "anser";

/** A stretch of what a program wrote, in one look. */
export interface Piece {
  readonly text: string;
  readonly fore: Colour | null;
  readonly back: Colour | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isStruck: boolean;
}

/** One of the eight that every terminal has, or a mixed one. */
export type Colour =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "mixed"; readonly red: number; readonly green: number; readonly blue: number };

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Expects a text that has been settled; see `terminal-text.ts`. What asks to be hidden is shown. */
export function terminalPieces(text: string): readonly Piece[] {
  const parts = new Anser().ansiToJson(text, { json: true, remove_empty: true, use_classes: true });
  return parts.map(({ bg, bg_truecolor, content, decorations, fg, fg_truecolor }) => {
    const has = new Set<string>(decorations);
    // Where the two are reversed the library has done so.
    return {
      text: content,
      fore: colourOf(fg, fg_truecolor),
      back: colourOf(bg, bg_truecolor),
      isBold: has.has("bold"),
      isDim: has.has("dim"),
      isItalic: has.has("italic"),
      isUnderlined: has.has("underline"),
      isStruck: has.has("strikethrough"),
    };
  });
}

/** The library names a colour by a class, and of a true colour gives its parts. */
function colourOf(name: string | null, parts: string | null): Colour | null {
  if (name === null) return null;
  if (name === "ansi-truecolor") {
    const [red = 0, green = 0, blue = 0] = (parts ?? "").split(",").map(Number);
    return mixed(red, green, blue);
  }
  const number = /^ansi-palette-(\d{1,3})$/.exec(name)?.[1];
  if (number !== undefined) return fromPalette(Number(number));
  return { kind: "named", name: name.replace(/^ansi-(?:bright-)?/, "") };
}

/** Of the 256: eight colours twice, a cube of six steps each way, and greys. */
function fromPalette(number: number): Colour {
  if (number < 16) return { kind: "named", name: NAMES[number % 8] ?? "white" };
  if (number >= 232) {
    const grey = 8 + (number - 232) * 10;
    return mixed(grey, grey, grey);
  }
  const step = (place: number) => {
    const value = Math.floor((number - 16) / place) % 6;
    return value === 0 ? 0 : 55 + value * 40;
  };
  return mixed(step(36), step(6), step(1));
}

function mixed(...parts: [number, number, number]): Colour {
  const [red, green, blue] = parts.map((part) => Math.min(255, Math.max(0, Math.round(part) || 0)));
  return { kind: "mixed", red: red ?? 0, green: green ?? 0, blue: blue ?? 0 };
}
