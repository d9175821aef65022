import type { TestAt } from "./side.ts";
import { Glyph, type GlyphName } from "../ui/glyph.tsx";

interface Look {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly tone: "ok" | "bad" | "going" | "none";
}

const LOOKS: Readonly<Record<TestAt["state"], Look>> = {
  passed: { glyph: "check", word: "Passed", tone: "ok" },
  failed: { glyph: "cross", word: "Failed", tone: "bad" },
  error: { glyph: "warn", word: "Error", tone: "bad" },
  skipped: { glyph: "slash", word: "Skipped", tone: "none" },
  running: { glyph: "ring", word: "Running", tone: "going" },
  untold: { glyph: "question", word: "Not told", tone: "none" },
  unfinished: { glyph: "question", word: "Not finished", tone: "none" },
};

export function testWord(state: TestAt["state"]): string {
  return LOOKS[state].word;
}

/** How a test stands, for a place whose own name says the word. */
export function TestMark({ state }: { readonly state: TestAt["state"] }) {
  const { glyph, tone, word } = LOOKS[state];
  return (
    <span class={`mark tone-${tone}`} title={word}>
      <Glyph name={glyph} />
    </span>
  );
}
