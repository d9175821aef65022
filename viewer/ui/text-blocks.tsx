import type { ComponentChildren } from "preact";
import { memo } from "./memo.ts";

/** A block is ended at a line's end past the first of these, or anywhere before the second. */
const LEAST = 2000;
const MOST = 8000;

interface Props {
  readonly text: string;
  /** Stands where the text ends. */
  readonly end?: ComponentChildren;
}

/**
 * A long text in blocks, so that where it grows at its end only the last one is
 * laid out again. Blocks end where lines do, which is not to be seen; only in a
 * paragraph of a book's chapter's length a line may end early.
 */
export function TextBlocks({ end, text }: Props) {
  if (text.length <= MOST)
    return (
      <>
        {text}
        {end}
      </>
    );
  const blocks = blocksOf(text);
  return (
    <>
      {blocks.map((block, index) => (
        <Block key={index} text={block} end={index === blocks.length - 1 ? end : undefined} />
      ))}
    </>
  );
}

const Block = memo<Props>(({ end, text }) => (
  <div>
    {text}
    {end}
  </div>
));

/** Where one ends follows from what stands before it, so a longer text has the same blocks and more. */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let from = 0;
  while (text.length - from > MOST) {
    const to = endOf(text, from);
    blocks.push(text.slice(from, to));
    from = to;
  }
  blocks.push(text.slice(from));
  return blocks;
}

function endOf(text: string, from: number): number {
  const line = text.lastIndexOf("\n", from + MOST - 1);
  if (line >= from + LEAST) return line + 1;
  const space = text.lastIndexOf(" ", from + MOST - 1);
  if (space >= from + LEAST) return space + 1;
  // The halves of a character stay together.
  const code = text.charCodeAt(from + MOST - 1);
  return code >= 0xd800 && code < 0xdc00 ? from + MOST - 1 : from + MOST;
}
