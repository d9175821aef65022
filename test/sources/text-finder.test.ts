import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MOST_LINES_OF_MATCH } from "../../src/protocol/found.ts";
import type { Said, SaidKind } from "../../src/protocol/said.ts";
import { folded, onOneLine } from "../../src/sources/plain-text.ts";
import { TextFinder } from "../../src/sources/text-finder.ts";

function find(query: string, lines: readonly (Said | null)[], from = 0) {
  const finder = new TextFinder(folded(onOneLine(query).trim()));
  return lines.flatMap((said, line) => {
    if (line < from) return [];
    const found = finder.take(line, said);
    return found === null ? [] : [{ line, found }];
  });
}

const part = (text: string, kind: SaidKind = "agent"): Said => ({ place: "part", kind, text });
const whole = (...texts: string[]): Said => ({ place: "whole", kind: "tool", texts });
const aside = (...texts: string[]): Said => ({ place: "aside", kind: "tool", texts });
const linesOf = (hits: ReturnType<typeof find>) => hits.map(({ line }) => line);

/** Few letters, so that matches are frequent, and those whose case is not plain. */
const letter = fc.constantFrom("a", "A", "b", "İ", "i", "ß", "Σ", "ς", "σ", " ", "\n", "\u00a0", "🚀", "é");
const someText = fc.array(letter, { maxLength: 60 });

test("a text is found across the lines it came in as in one piece, at the line that completes it", () => {
  const shape = fc.record({
    letters: someText,
    cuts: fc.array(fc.nat(60), { maxLength: 30 }),
    query: fc.array(letter, { minLength: 1, maxLength: 5 }).map((letters) => letters.join("")),
  });
  fc.assert(
    fc.property(shape, ({ cuts, letters, query }) => {
      const wanted = folded(onOneLine(query).trim());
      fc.pre(wanted !== "");
      const ends = [...new Set([...cuts.map((cut) => Math.min(cut, letters.length)), letters.length])];
      ends.sort((left, right) => left - right);
      const lines = ends.map((end, index) => letters.slice(ends[index - 1] ?? 0, end).join(""));
      // What stands there once each line has come; a match counts for the first line that has it.
      const expected: number[] = [];
      let seen = 0;
      for (const line of lines.keys()) {
        const text = folded(onOneLine(lines.slice(0, line + 1).join("")));
        let count = 0;
        for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) count += 1;
        if (count > seen) expected.push(line);
        seen = count;
      }
      const hits = find(
        query,
        lines.map((text) => part(text)),
      );
      assert.deepEqual(linesOf(hits), expected);
      for (const { found } of hits)
        assert.equal(
          folded(found.text.slice(...found.match)),
          wanted,
          "the match stands where it is said to",
        );
    }),
    { numRuns: 500 },
  );
});

test("lower case keeps every letter in its place", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(folded(text).length, text.length);
      assert.equal(folded(folded(text)), folded(text));
    }),
  );
  assert.equal(folded("İSTANBUL ΟΔΟΣ"), folded("istanbul οδος"));
});

test("what is found does not depend on where one began, if the lines before were taken in", () => {
  const said = fc.oneof(
    someText.map((letters): Said => part(letters.join("").slice(0, 2))),
    fc.constant(null),
    fc.constant(aside("ab")),
    fc.constant(part("b", "thought")),
  );
  const lines = fc.array(said, { minLength: MOST_LINES_OF_MATCH, maxLength: 2 * MOST_LINES_OF_MATCH });
  fc.assert(
    fc.property(lines, fc.nat(MOST_LINES_OF_MATCH), (log, from) => {
      const after = (hits: ReturnType<typeof find>) =>
        hits
          .filter(({ line }) => line >= from + MOST_LINES_OF_MATCH)
          .map(({ found: { match, text }, line }) => ({ line, match, text }));
      assert.deepEqual(after(find("ab ab", log, from)), after(find("ab ab", log)));
    }),
    { numRuns: 100 },
  );
});

test("texts are joined only where one is said without a break", () => {
  assert.deepEqual(linesOf(find("foobar", [part("foo"), part("bar")])), [1]);
  assert.deepEqual(linesOf(find("foobar", [part("foo"), null, aside("news"), part("bar")])), [3]);
  assert.deepEqual(linesOf(find("foobar", [part("foo"), whole("tool"), part("bar")])), []);
  assert.deepEqual(linesOf(find("foobar", [part("foo"), part("bar", "thought")])), []);
  assert.deepEqual(linesOf(find("foobar", [whole("foo", "bar")])), []);
  const empty = Array.from({ length: MOST_LINES_OF_MATCH - 2 }, () => null);
  assert.deepEqual(linesOf(find("foobar", [part("foo"), ...empty, part("bar")])), [MOST_LINES_OF_MATCH - 1]);
  assert.deepEqual(linesOf(find("foobar", [part("foo"), null, ...empty, part("bar")])), []);
});

test("an excerpt is one line with the match in it, and goes on with what is said next", () => {
  const [hit] = find("needle", [
    part(`${"before ".repeat(20)}a nee`),
    part("dle\n\tand "),
    part(" what follows, which goes on for longer than anybody wants to read in a list"),
  ]);
  assert.equal(hit?.line, 1);
  const { match, text } = hit.found;
  assert.match(text, /^….*before a needle and what follows, which goes on.*…$/);
  assert.equal(text.slice(...match), "needle");
  assert.ok(text.length < 100, text);
});

test("what a query means to a pattern means nothing here", () => {
  for (const query of [".*", "(", "[a", "\\d", "$&", "a|b"]) {
    assert.deepEqual(linesOf(find(query, [whole("aab"), whole(`x ${query} y`)])), [1], query);
  }
});

test("colours of a terminal stand in nobody's way", () => {
  assert.deepEqual(
    linesOf(find("2 failed", [whole("\u001b[1m2\u001b[22m \u001b[31mfailed\u001b[39m")])),
    [0],
  );
});
