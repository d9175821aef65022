import type { GraderResult } from "../../src/protocol/test-lines.ts";
import { Glyph, type GlyphName } from "../ui/glyph.tsx";
import "./verdict-mark.css";

type Verdict = GraderResult["verdict"];

interface Look {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly tone: "ok" | "bad" | "none";
}

const LOOKS: Readonly<Record<Verdict, Look>> = {
  pass: { glyph: "check", word: "passed", tone: "ok" },
  fail: { glyph: "cross", word: "failed", tone: "bad" },
  skip: { glyph: "slash", word: "skipped", tone: "none" },
};

/** A verdict by its shape, and by its word: seen where there is room for it, else for who cannot see the shape. */
export function VerdictMark({
  hasWord = false,
  verdict,
}: {
  readonly verdict: Verdict;
  readonly hasWord?: boolean;
}) {
  const { glyph, tone, word } = LOOKS[verdict];
  return (
    <span class={`verdict-mark tone-${tone}`} title={hasWord ? undefined : word}>
      <span class={hasWord ? "verdict-word" : "hidden"}>{word}</span>
      <Glyph name={glyph} />
    </span>
  );
}
