import { wholeNumber } from "../ui/format.ts";
import { ChangeText } from "./change-text.tsx";
import { type Comparison, type Figure, FIGURES, growsOn } from "./comparison.ts";
import { figureLabel, figureText } from "./figure-words.ts";
import "./figure-cards.css";

/**
 * What both runs came to, figure by figure. One that neither tells of is left out. Who has done less so far has
 * saved nothing: until both have ended, what they took is not held against each other.
 */
export function FigureCards({ comparison }: { readonly comparison: Comparison }) {
  const { isSettled, left, right } = comparison;
  const told = FIGURES.filter((figure) => left[figure] !== null || right[figure] !== null);
  return (
    <dl class="figure-cards">
      <div class="figure-card">
        <dt>{isSettled ? "Tests passed" : "Tests done"}</dt>
        <dd>
          <b class="num">
            {wholeNumber(isSettled ? right.passed : right.done)}
            <span class="figure-of"> of {wholeNumber(right.planned)}</span>
          </b>
          <span class="figure-was">
            other <span class="num">{wholeNumber(isSettled ? left.passed : left.done)}</span> of{" "}
            <span class="num">{wholeNumber(left.planned)}</span>
          </span>
        </dd>
      </div>
      {told.map((figure) => (
        <FigureCard
          key={figure}
          figure={figure}
          left={left[figure]}
          right={right[figure]}
          isComparable={isSettled || !growsOn(figure)}
        />
      ))}
    </dl>
  );
}

interface CardProps {
  readonly figure: Figure;
  readonly left: number | null;
  readonly right: number | null;
  readonly isComparable: boolean;
}

function FigureCard({ figure, isComparable, left, right }: CardProps) {
  const by = !isComparable || left === null || right === null ? null : right - left;
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
