import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeParts } from "../../viewer/conversation/notice-parts.ts";

test("a short notice is said whole", () => {
  assert.deepEqual(noticeParts("Overloaded.\nTried 3 times."), {
    head: "Overloaded.\nTried 3 times.",
    rest: null,
  });
});

test("of a long one the first line is said, and the rest is folded", () => {
  const summary = Array.from({ length: 80 }, (_, nr) => `${nr}. done`).join("\n");
  assert.deepEqual(noticeParts(`It goes on from this summary:\n\n${summary}`), {
    head: "It goes on from this summary:",
    rest: summary,
  });
});

test("a long line is begun, and read whole when it is opened", () => {
  const text = "word ".repeat(400).trim();
  const { head, rest } = noticeParts(text);
  assert.ok(head.length <= 201 && head.endsWith("…"), head);
  assert.equal(rest, text);
});
