import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Lexer } from "marked";
import type { Block, Inline } from "../../viewer/text/markdown-node.ts";
import { MarkdownReader } from "../../viewer/text/markdown-reader.ts";
import { blockOf } from "../../viewer/text/markdown-tokens.ts";
import { safeAddress } from "../../viewer/text/safe-address.ts";

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
  "\\",
  "https://g.h/ ",
  "<img src=x onerror=y>",
  "\t",
  "é",
  "\u{1f600}",
  "\r\n",
  "+",
  "1) ",
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
    { numRuns: 4000 },
  );
});

test("a text reads as the library reads it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.deepEqual(read(text), whole(text.replaceAll(/\r\n?/g, "\n")));
    }),
    { numRuns: 4000 },
  );
});

test("whatever stands there, a link leads to a web page or a mailbox", () => {
  const address = fc.oneof(
    fc.constantFrom(
      "javascript:x",
      "JAVASCRIPT:x",
      "data:text/html,x",
      "file:///x",
      "/x",
      "//x.y",
      "#x",
      "blob:x",
    ),
    fc.constantFrom(
      "\tjavascript:x",
      "java\nscript:x",
      "&#106;avascript:x",
      "vbscript:x",
      "http:x",
      "https://a.b",
    ),
    fc.webUrl(),
    fc.string(),
  );
  const hostile = fc
    .array(
      fc.oneof(
        texts,
        address,
        address.map((to) => `[a](${to}) ![b](<${to}>) <${to}> [c]: ${to}\n`),
      ),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, (text) => {
      for (const inline of inlines(read(text)))
        if (inline.kind === "link") assert.match(inline.address, /^(?:https?:\/\/|mailto:)/);
    }),
    { numRuns: 2000 },
  );
  for (const bad of ["javascript:alert(1)", " https://a.b", "/api", "//a.b", "data:,x", "https://", ""])
    assert.equal(safeAddress(bad), null, bad);
});

const blocks: readonly (readonly [text: string, block: Block])[] = [
  ["a &lt;b&gt; &copy; \\*", { kind: "paragraph", inside: [{ kind: "text", text: "a <b> &copy; *" }] }],
  ["<b>x</b>", { kind: "paragraph", inside: [{ kind: "text", text: "<b>x</b>" }] }],
  ["<div>\n<b>x", { kind: "plain", text: "<div>\n<b>x" }],
  ["```ts {1}\nlet", { kind: "code", language: "ts", text: "let" }],
  [
    "[go](javascript:x) ![p](http://a.b/c)",
    {
      kind: "paragraph",
      inside: [
        { kind: "text", text: "[go](javascript:x) " },
        { kind: "link", address: "http://a.b/c", inside: [{ kind: "text", text: "image: p" }] },
      ],
    },
  ],
  [
    "- [x] a\n- b",
    {
      kind: "list",
      start: null,
      items: [
        { task: "done", inside: [{ kind: "paragraph", inside: [{ kind: "text", text: "a" }] }] },
        { task: "none", inside: [{ kind: "paragraph", inside: [{ kind: "text", text: "b" }] }] },
      ],
    },
  ],
];
for (const [text, block] of blocks)
  test(`${JSON.stringify(text)} reads as a ${block.kind}`, () => assert.deepEqual(read(text), [block]));

test("what is settled stays the very same object, until a reference in it is defined", () => {
  const reader = new MarkdownReader();
  const [first, second] = reader.read("One [two].\n\nThree.\n\nFour.\n\nFi");
  const after = reader.read("One [two].\n\nThree.\n\nFour.\n\nFive\n\n- six\n");
  assert.ok(after[0] === first && after[1] === second);
  const defined = reader.read("One [two].\n\nThree.\n\nFour.\n\nFive\n\n- six\n\n[two]: https://t.w\n");
  assert.ok(inlines(defined.slice(0, 1)).some(({ kind }) => kind === "link"));
  assert.ok(defined[1] === second);
});

test("of a text whose beginning is left out, the blocks stay the same, with the same numbers", () => {
  const parts = Array.from({ length: 9 }, (_, part) => `Part ${part}.\n\n- of it\n\n`);
  const reader = new MarkdownReader();
  const before = reader.read(parts.join(""));
  const after = reader.read(`${parts.slice(4).join("")}And more.\n\n- x\n\ny`);
  assert.equal(reader.first, 8);
  assert.ok(after.slice(0, 8).every((block, index) => block === before[8 + index]));
  assert.deepEqual(after, read(`${parts.slice(4).join("")}And more.\n\n- x\n\ny`));
  reader.read("Another.\n\nText.\n\nx");
  assert.ok(reader.first > 17);
});

test("a text that is deep, long or made of one word is read in time, and all of it is there", () => {
  const words = "word ".repeat(50_000);
  const items = "- item of a list\n".repeat(12_000);
  for (const text of [
    "> ".repeat(20_000) + "end",
    "- ".repeat(20_000) + "end",
    "*a **b ".repeat(20_000),
    "[".repeat(200_000),
    "a.".repeat(100_000),
    `\`\`\`\n${words}`,
    words,
    items,
  ])
    assert.ok(read(text).length > 0);
  const [code, ...none] = read(`\`\`\`\n${words}\n`);
  assert.deepEqual([code?.kind, none], ["code", []]);
  assert.equal(
    read(words)
      .map((block) =>
        block.kind === "plain" ? block.text : inlines([block]).map((each) => "text" in each && each.text),
      )
      .join(""),
    words,
  );
});

/** How large what was made of a text is, addresses included. */
const sizeOf = (text: string): number => JSON.stringify(read(text)).length;

const row = (cell: string, columns: number) => `${`|${cell}`.repeat(columns)}|\n`;
const growing: Readonly<Record<string, (size: number) => string>> = {
  "a table of rows without cells": (size) => row("a", size / 8) + row("-", size / 8) + "|\n".repeat(size / 4),
  "a table in a quote": (size) => `> ${row("a", size / 8)}> ${row("-", size / 8)}${"> |\n".repeat(size / 8)}`,
  "a table in a list": (size) => `- ${row("a", size / 8)}  ${row("-", size / 8)}${"  |\n".repeat(size / 8)}`,
  "an address that is referred to": (size) =>
    `[r]: http://x.y/${"a".repeat(size / 2)}\n\n${"[r]\n\n".repeat(size / 10)}`,
  "emphasis in emphasis": (size) => "*a ".repeat(size / 6) + "a* ".repeat(size / 6),
  "paragraphs of marks": (size) => `${"***a** ".repeat(2000)}\n\n`.repeat(size / 2000),
  "definitions and references": (size) =>
    Array.from({ length: size / 40 }, (_, each) => `[r${each}]\n\n[r${each}]: http://x.y\n\n`).join(""),
  "lists in JSON": (size) => "[".repeat(size / 2) + "]".repeat(size / 2),
};
for (const [what, make] of Object.entries(growing))
  test(`of ${what} no more is made than the text is long`, { timeout: 20_000 }, () => {
    for (const size of [2400, 9600, 19_200, 96_000]) assert.ok(sizeOf(make(size)) < 200 * size, String(size));
  });

test("a table that somebody wrote is one, however long it is", () => {
  for (const text of [
    `${row("a", 12)}${row("-", 12)}${row("word", 12).repeat(200)}`,
    `|a|\n|-|\n${"b\n".repeat(200)}`,
    `a|b\n-|-\n${"1|2\n".repeat(500)}`,
    "| a | b | c |\n|---|:-:|--:|\n| 1 |\n",
  ])
    assert.deepEqual(
      read(text).map(({ kind }) => kind),
      ["table"],
    );
});
