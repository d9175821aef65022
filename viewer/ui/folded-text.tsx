import { useState } from "preact/hooks";
import { plural } from "./format.ts";
import { TextBlocks } from "./text-blocks.tsx";

/** Enough to read, little enough not to weigh on the page. */
const PORTION = 20_000;

interface Props {
  readonly text: string;
  /** Lines drawn before the fold. */
  readonly lines: number;
  /** Characters drawn at once. */
  readonly portion?: number;
}

/** A text of any length: the first lines, then as much as is asked for, a portion at a time. */
export function FoldedText({ lines, portion = PORTION, text }: Props) {
  const [shown, setShown] = useState<number | null>(null);
  const head = headOf(text, lines, portion);
  const limit = shown ?? head;
  const next = shown === null ? Math.max(portion, head) : shown + portion;
  return (
    <>
      <TextBlocks text={limit < text.length ? text.slice(0, limit) : text} />
      {limit < text.length && (
        <div class="fold">
          <button type="button" class="quiet-button" onClick={() => setShown(next)}>
            {next >= text.length ? "Show all" : `Show more of ${plural(text.length, "character")}`}
          </button>
        </div>
      )}
    </>
  );
}

/** How much of the text its first lines are; a few lines more are not worth a fold. */
function headOf(text: string, lines: number, portion: number): number {
  if (!Number.isFinite(lines)) return Math.min(text.length, portion);
  const slack = Math.ceil(lines / 4);
  let end = -1;
  let atFold = -1;
  for (let line = 1; line <= lines + slack; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end === -1) return Math.min(text.length, portion);
    if (line === lines) atFold = end;
  }
  return Math.min(atFold, portion);
}
