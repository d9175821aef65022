import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";
import { LinePages } from "../../src/sources/line-pages.ts";

test("lines in pages are given as they were put in, from anywhere to anywhere", () => {
  const words = fc.array(fc.string({ unit: "grapheme", maxLength: 3 }), { minLength: 1, maxLength: 5 });
  const run = fc.property(words, fc.nat(3 * Log.PAGE), fc.nat(400), fc.nat(400), (all, count, from, to) => {
    const pages = new LinePages();
    const lines = Array.from({ length: count }, (_, line) => JSON.stringify([line, all[line % all.length]]));
    for (const line of lines) assert.equal(pages.push(line), Buffer.byteLength(line));
    assert.equal(pages.length, count);
    const wanted = from < to ? lines.slice(from, to) : [];
    assert.equal(pages.joined(from, to), wanted.join(","));
    assert.deepEqual(
      [...pages.each(from, to)].map((line) => line.toString()),
      wanted,
    );
  });
  fc.assert(run, { numRuns: 200 });
});
