import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Lexer } from "marked";
import type { Block, Inline } from "../../viewer/text/markdown-node.ts";
import { MarkdownReader } from "../../viewer/text/markdown-reader.ts";
import { blockOf } from "../../viewer/text/markdown-tokens.ts";

const read = (text: string): readonly Block[] => new MarkdownReader().read(text);

/** The library's own reading of the whole text at once. */
const whole = (text: string): Block[] =>
  new Lexer({ gfm: true })
    .lex(text)
    .map(blockOf)
    .filter((block) => block !== null);

function inlines(blocks: readonly Block[]): Inline[] {
  const deep = (inside: readonly Inline[]): Inline[] =>
    inside.flatMap((inline) => ("inside" in inline ? [inline, ...deep(inline.inside)] : [inline]));
  return blocks.flatMap((block): Inline[] => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return deep(block.inside);
      case "quote":
        return inlines(block.inside);
      case "list":
        return block.items.flatMap(({ inside }) => inlines(inside));
      case "table":
        return [...block.head, ...block.rows.flat()].flatMap(deep);
      case "code":
      case "plain":
      case "rule":
        return [];
    }
  });
}

/** Pieces that begin, go on with or end what a text is made of, in any order. */
const pieces = fc.constantFrom(
  ...[
    "word ",
    "a",
    "1",
    ".",
    " ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "- ",
    "* ",
    "2. ",
    "> ",
    "#",
    "# ",
    "---",
    "===",
  ],
  ...[
    "`",
    "```",
    "```ts\n",
    "~~~",
    "**",
    "*",
    "_",
    "~~",
    "[x]",
    "[ ] ",
    "[a",
    "](http://b.c/d)",
    "](java",
    "script:x)",
  ],
  ...[
    "|",
    "|-|-|",
    "| a | b |\n",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "<script>",
    "[a]: http://e.f\n",
    "![",
    "&lt;",
  ],
  ...["\\", "https://g.h/ ", "<img src=x onerror=y>", "\t", "é", "\u{1f600}", "\r\n", "+", "1) "],
);
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));

test("however a text came, it reads as its whole does", () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(12), { minLength: 1, maxLength: 20 }), (text, steps) => {
      const reader = new MarkdownReader();
      let place = 0;
      for (let step = 0; place < text.length; step += 1) {
        place += 1 + (steps[step % steps.length] ?? 0);
        reader.read(text.slice(0, place));
      }
      assert.deepEqual(reader.read(text), read(text));
    }),
    { numRuns: 60000 },
  );
});

test("a text reads as the library reads it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.deepEqual(read(text), whole(text.replaceAll(/\r\n?/g, "\n")));
    }),
    { numRuns: 30000 },
  );
});
