import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { terminalPieces } from "../../viewer/text/terminal-pieces.ts";
import { plainTerminal, settleTerminal, withoutCutColour } from "../../viewer/text/terminal-text.ts";

const ESC = "\u001b";

const plain: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["colours", `${ESC}[1;31mred${ESC}[0m text`, "red text"],
  ["a progress bar", "10%\r50%\r100%\ndone", "100%\ndone"],
  ["a line that ends in both", "a\r\nb\r\n", "a\nb\n"],
  ["a return that nothing follows", "a\r", "a"],
  ["a line that is erased", `old${ESC}[2K\rnew`, "new"],
  ["a backspace", "abx\bc\u{1f600}\bd", "abcd"],
  ["moves of the cursor", `${ESC}[2J${ESC}[10;20Hhere${ESC}[?25l`, "here"],
  [
    "a link",
    `${ESC}]8;;http://a.b${ESC}\\text${ESC}]8;;${ESC}\\ and${ESC}]0;title\u0007 more`,
    "text and more",
  ],
  ["other controls", "a\u0000\u0007b\u009b c\td", "ab c\td"],
  ["a sequence that is cut", `a${ESC}[3`, "a"],
];
for (const [what, text, shown] of plain)
  test(`a terminal: ${what}`, () => assert.equal(plainTerminal(text), shown));

test("colours that were set on a line that was begun again go on", () => {
  assert.equal(settleTerminal(`${ESC}[32m10%\r20%`), `${ESC}[32m20%`);
});

test("a piece for each look", () => {
  const look = (text: string) =>
    terminalPieces(settleTerminal(text)).map(({ back, fore, isBold, isUnderlined, text: content }) => [
      content,
      fore?.kind === "named" ? fore.name : fore,
      back?.kind === "named" ? back.name : back,
      isBold,
      isUnderlined,
    ]);
  assert.deepEqual(
    look(`a${ESC}[31mb${ESC}[1;92mc${ESC}[0;4md${ESC}[0;44me${ESC}[m${ESC}[38;5;208mf${ESC}[38;2;1;2;300mg`),
    [
      ["a", null, null, false, false],
      ["b", "red", null, false, false],
      ["c", "green", null, true, false],
      ["d", null, null, false, true],
      ["e", null, "blue", false, false],
      ["f", { kind: "mixed", red: 255, green: 135, blue: 0 }, null, false, false],
      ["g", { kind: "mixed", red: 255, green: 135, blue: 0 }, null, false, false],
    ],
  );
  assert.deepEqual(look(`${ESC}[48:2:1:2:3mh${ESC}[38;5;232mi`)[1]?.[1], {
    kind: "mixed",
    red: 8,
    green: 8,
    blue: 8,
  });
});

test("whatever a program writes, what is shown is its text without any control", () => {
  const part = fc.oneof(
    fc.constantFrom(
      ESC,
      "[",
      "]",
      "m",
      "31",
      ";",
      "38;5;",
      "\r",
      "\n",
      "\b",
      "K",
      "\u0007",
      "\u009b",
      "\u{1f600}",
      "a",
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => parts.join("")),
      fc.nat(40),
      (text, cut) => {
        const settled = settleTerminal(text);
        for (const shown of [
          plainTerminal(text),
          terminalPieces(settled)
            .map((piece) => piece.text)
            .join(""),
          plainTerminal(withoutCutColour(settled.slice(0, cut))),
        ])
          // oxlint-disable-next-line no-control-regex
          assert.doesNotMatch(shown, /[\0-\u0008\u000b-\u001f\u007f-\u009f]/);
        assert.equal(settleTerminal(settled), settled);
      },
    ),
    { numRuns: 3000 },
  );
});

test("much output takes no time that is felt", () => {
  const started = performance.now();
  settleTerminal("\r10%".repeat(200_000));
  settleTerminal(`${ESC}[31mx\b`.repeat(100_000));
  settleTerminal("x".repeat(1_000_000) + "\b".repeat(20));
  assert.ok(performance.now() - started < 5000);
});
