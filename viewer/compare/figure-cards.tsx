import { wholeNumber } from "../ui/format.ts";
import { ChangeText } from "./change-text.tsx";
import { type Comparison, type Figure, FIGURES } from "./comparison.ts";
import { figureLabel, figureText } from "./figure-words.ts";
import "./figure-cards.css";

/** What both runs came to, figure by figure. One that neither tells of is left out. */
export function FigureCards({ comparison: { left, right } }: { readonly comparison: Comparison }) {
  const told = FIGURES.filter((figure) => left[figure] !== null || right[figure] !== null);
  return (
    <dl class="figure-cards">
      <div class="figure-card">
        <dt>Tests done</dt>
        <dd>
          <b class="num">
            {wholeNumber(right.done)}
            <span class="figure-of"> of {wholeNumber(right.planned)}</span>
          </b>
          <span class="figure-was">
            other <span class="num">{wholeNumber(left.done)}</span> of{" "}
            <span class="num">{wholeNumber(left.planned)}</span>
          </span>
        </dd>
      </div>
      {told.map((figure) => (
        <FigureCard key={figure} figure={figure} left={left[figure]} right={right[figure]} />
      ))}
    </dl>
  );
}

interface CardProps {
  readonly figure: Figure;
  readonly left: number | null;
  readonly right: number | null;
}

function FigureCard({ figure, left, right }: CardProps) {
  const by = left === null || right === null ? null : right - left;
  return (
    <div class="figure-card" data-figure={figure}>
      <dt>{figureLabel(figure)}</dt>
      <dd>
        <b class="num">{figureText(figure, right)}</b>
        <ChangeText figure={figure} by={by} saysVerdict />
        <span class="figure-was">
          other <span class="num">{figureText(figure, left)}</span>
        </span>
      </dd>
    </div>
  );
}
