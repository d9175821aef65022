import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonReply } from "../../viewer/text/json-reply.ts";

test("a JSON reply is laid out, and says what it said", () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
      const said = JSON.stringify(value);
      const laidOut = jsonReply(said);
      assert.ok(laidOut !== null);
      assert.equal(JSON.stringify(JSON.parse(laidOut)), said);
    }),
  );
});

test("what is no JSON object or list, or would be changed by being read, is left as it was said", () => {
  const left = [
    "",
    "{",
    "{}x",
    "x {}",
    "12",
    '"words"',
    "[link](https://x.example)",
    "{a: 1}",
    '{"a":1} {"b":2}',
  ];
  const changed = ['{"id":12345678901234567890}', '{"a":1,"a":2}', '{"x":1.0}', `["${"x".repeat(20_000)}"]`];
  for (const text of [...left, ...changed]) assert.equal(jsonReply(text), null, text.slice(0, 40));
  assert.equal(jsonReply('{"a": [1,\n 2]}'), '{\n  "a": [\n    1,\n    2\n  ]\n}');
});

test("what lies too deep is left as it was said: each level would indent all that is in it", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.ok(jsonReply(nested(20)) !== null);
  for (const levels of [21, 50, 3000, 10_000]) assert.equal(jsonReply(nested(levels)), null);
  // What stands in a string is no level.
  assert.ok(jsonReply(JSON.stringify(["[".repeat(100), '"[']))?.startsWith("[\n"));
});
