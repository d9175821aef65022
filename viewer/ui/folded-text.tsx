import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { plural } from "./format.ts";
import { TextBlocks } from "./text-blocks.tsx";

/** Enough to read, little enough not to weigh on the page. */
const PORTION = 20_000;

interface Fold {
  readonly text: string;
  /** Lines drawn before the fold. */
  readonly lines: number;
  /** Characters drawn at once. */
  readonly portion?: number;
}

interface Props extends Fold {
  /** Stands where the text ends, if all of it is shown. */
  readonly end?: ComponentChildren;
}

/** A text of any length: the first lines, then as much as is asked for, a portion at a time. */
export function FoldedText({ end, ...fold }: Props) {
  const { more, shown } = useFold(fold);
  return (
    <>
      <TextBlocks text={shown} end={more === null ? end : undefined} />
      {more}
    </>
  );
}

interface Folded {
  /** The text as far as it is to be drawn. */
  readonly shown: string;
  /** What asks for more of it; null where all is shown. */
  readonly more: ComponentChildren;
}

/** The same for who draws the text in another way. */
export function useFold({ lines, portion = PORTION, text }: Fold): Folded {
  const [asked, setAsked] = useState<number | null>(null);
  const head = headOf(text, lines, portion);
  const limit = asked ?? head;
  if (limit >= text.length) return { shown: text, more: null };
  const next = asked === null ? Math.max(portion, head) : asked + portion;
  const more = (
    <div class="fold">
      <button type="button" class="quiet-button" onClick={() => setAsked(next)}>
        {next >= text.length ? "Show all" : `Show more of ${plural(text.length, "character")}`}
      </button>
    </div>
  );
  return { shown: text.slice(0, limit), more };
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
