import type { Figure } from "./comparison.ts";
import { changeWords } from "./figure-words.ts";
import "./change-text.css";

interface Props {
  readonly figure: Figure;
  /** Null where it is not known. */
  readonly by: number | null;
  /** Says better or worse to the eye too, and not only to who cannot see the colour. */
  readonly saysVerdict?: boolean;
}

/** What a figure changed by: its sign, an arrow, a colour and a word. */
export function ChangeText({ by, figure, saysVerdict = false }: Props) {
  const words = changeWords(figure, by);
  if (words === null) return null;
  const { arrow, text, verdict } = words;
  return (
    <span class={`change-text ${verdict === "no change" ? "even" : verdict}`} title={verdict}>
      {arrow !== "" && (
        <span class="change-arrow" aria-hidden="true">
          {arrow}
        </span>
      )}
      <span class="num">{text}</span>
      <span class={saysVerdict ? "change-verdict" : "hidden"}> {verdict}</span>
    </span>
  );
}
