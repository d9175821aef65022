import type { TestState } from "../../src/protocol/tally.ts";
import type { Standing } from "../steps/standing.ts";
import { Glyph } from "../ui/glyph.tsx";
import { outcomeLook } from "../ui/status-mark.tsx";
import { hasScore, outcomeOf, scoreOfText, stateWord } from "./score.ts";

interface Props {
  /** Null while it runs. */
  readonly state: TestState | null;
  readonly standing: Standing;
  readonly score: number | null;
  readonly threshold: number | null;
}

/** How a test came out, and by how much: "0.20 of 0.80". */
export function VerdictPill({ score, standing, state, threshold }: Props) {
  if (state === null) return <UnfinishedPill standing={standing} />;
  const look = outcomeLook(outcomeOf(state));
  return (
    <span class={`pill tone-${look.tone}`}>
      <Glyph name={look.glyph} />
      {hasScore(state, score) ? (
        <span>
          <span class="hidden">{stateWord(state)}, </span>
          <span class="num">{scoreOfText(score, threshold)}</span>
        </span>
      ) : (
        stateWord(state)
      )}
    </span>
  );
}

function UnfinishedPill({ standing }: { readonly standing: Standing }) {
  const look = outcomeLook(openOutcome(standing));
  return (
    <span class={`pill tone-${look.tone}`}>
      <Glyph name={look.glyph} />
      {look.word}
    </span>
  );
}

/** Of a test without a result. */
function openOutcome(standing: Standing): string | null {
  switch (standing) {
    case "running":
      return null;
    case "done":
      return "untold";
    case "failed":
    case "unfinished":
    case "waiting":
      return "unfinished";
  }
}
