import type { TestAttempt } from "../playback/test-table.ts";
import { money, roughNumber, wholeNumber } from "../ui/format.ts";
import { Glyph } from "../ui/glyph.tsx";
import { outcomeLook } from "../ui/status-mark.tsx";
import type { PieceState } from "./pieces.ts";

interface Props extends TestAttempt {
  readonly attempt: number;
  readonly state: PieceState;
}

/** What the card under the pointer tells of a test. */
export function TestFacts({ attempt, result, state, test }: Props) {
  const look = outcomeLook(outcomeOf(result?.state ?? null, state));
  const facts = [
    ...(result?.score == null ? [] : [`score ${result.score.toFixed(2)}`]),
    ...(result?.tokens == null ? [] : [`${roughNumber(result.tokens)} tokens`]),
    ...(result?.costUsd == null ? [] : [money(result.costUsd, "USD")]),
    ...(attempt > 1 ? [`attempt ${wholeNumber(attempt)}`] : []),
  ];
  const where = [test.suite, test.target].filter((part) => part !== null);
  return (
    <>
      <p class="hover-facts">
        <span class={`hover-outcome first tone-${look.tone}`}>
          <Glyph name={look.glyph} /> {look.word}
          {state === "ahead" && ", recorded later"}
        </span>
      </p>
      {facts.length > 0 && <p class="hover-facts">{facts.join(" · ")}</p>}
      {where.length > 0 && <p class="hover-facts clip">{where.join(" · ")}</p>}
    </>
  );
}

/** Of what the run's end cut off no result was told. */
function outcomeOf(result: string | null, state: PieceState): string | null {
  if (result !== null) return result;
  return state === "over" ? "untold" : null;
}
