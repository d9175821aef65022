import type { Tally } from "../../src/protocol/tally.ts";
import { tallyWords } from "./tally-text.ts";
import "./tally-bar.css";

/** How far an evaluation has come: those with a result by how they came out, and the rest empty. */
export function TallyBar({ tally }: { readonly tally: Tally }) {
  const parts = [
    ["passed", tally.passed],
    ["failed", tally.failed],
    ["error", tally.errors],
    ["skipped", tally.skipped],
  ] as const;
  return (
    <span class="tally-bar" role="img" aria-label={tallyWords(tally)}>
      {parts.map(([state, count]) =>
        count === 0 ? null : (
          <i key={state} class={state} style={{ width: `${(100 * count) / Math.max(1, tally.total)}%` }} />
        ),
      )}
    </span>
  );
}
