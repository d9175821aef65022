import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lastPlaceOf } from "../../viewer/conversation/words-in.ts";

test("words are found as they are drawn, over the borders of texts, and the last of them", () => {
  const found = (words: string, ...texts: string[]) => {
    const place = lastPlaceOf(words, texts);
    if (place === null) return null;
    const { from, to } = place;
    return [from.text, from.offset, to.text, to.offset];
  };
  assert.deepEqual(found("a **deep** thought", "A ", "deep", " thought."), [0, 0, 2, 8]);
  assert.deepEqual(found("two", "two and two"), [0, 8, 0, 11]);
  assert.deepEqual(found("x\n  y", "ax ", "\n", "y"), [0, 1, 2, 1]);
  assert.deepEqual(found("𝒳", "a𝒳b"), [0, 1, 0, 3]);
  assert.equal(found("three", "two"), null);
  assert.equal(found("**", "**"), null);
});

test("whatever is looked for, a place lies within the texts", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.array(fc.string({ unit: "grapheme" })),
      (words, texts) => {
        const place = lastPlaceOf(words, [...texts, words]);
        if (place === null) return;
        for (const { offset, text } of [place.from, place.to])
          assert.ok(offset >= 0 && offset <= ([...texts, words][text]?.length ?? -1));
      },
    ),
  );
});
