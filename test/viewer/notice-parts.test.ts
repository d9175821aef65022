import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeParts } from "../../viewer/conversation/notice-parts.ts";

test("a short notice shows whole, a long one by its first line", () => {
  assert.deepEqual(noticeParts("Retry 1 of 10\nin 2 s"), { head: "Retry 1 of 10\nin 2 s", rest: null });
  const summary = "What was done. ".repeat(40).trim();
  assert.deepEqual(noticeParts(`It goes on from this summary:\n\n${summary}`), {
    head: "It goes on from this summary:",
    rest: summary,
  });
});

test("a long notice of one line shows by its beginning, and nothing of it is lost", () => {
  const text = "words of an error ".repeat(30).trim();
  const { head, rest } = noticeParts(text);
  assert.ok(head.length <= 161 && text.startsWith(head.slice(0, -1)) && head.endsWith("…"), head);
  assert.equal(rest, text);
  const signs = "\u{1F600}".repeat(200);
  assert.doesNotMatch(noticeParts(`a${signs}`).head, /\p{Surrogate}/u);
});
