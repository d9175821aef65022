import { Glyph, type GlyphName } from "../ui/glyph.tsx";
import type { Change } from "./comparison.ts";

interface Look {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly tone: "ok" | "bad" | "wait" | "going" | "none";
}

/** What became of a test is told by a shape, a word and a colour. */
const LOOKS: Readonly<Record<Change, Look>> = {
  failing: { glyph: "cross", word: "Newly failing", tone: "bad" },
  passing: { glyph: "check", word: "Newly passing", tone: "ok" },
  changed: { glyph: "half", word: "Changed", tone: "wait" },
  pending: { glyph: "dots", word: "Not done yet", tone: "going" },
  right: { glyph: "circle", word: "Only in this", tone: "none" },
  left: { glyph: "slash", word: "Only in other", tone: "none" },
  same: { glyph: "equal", word: "Same", tone: "none" },
};

export function changeWord(change: Change): string {
  return LOOKS[change].word;
}

export function ChangeMark({ change }: { readonly change: Change }) {
  const { glyph, tone, word } = LOOKS[change];
  return (
    <span class={`change-mark tone-${tone}`}>
      <Glyph name={glyph} />
      {word}
    </span>
  );
}
