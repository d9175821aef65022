import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "../../viewer/arrange/in-order.ts";

test("of answers that come out of order the older ones are not told any more", () => {
  const ask = inOrder();
  const [first, second, third] = [ask(), ask(), ask()];
  assert.equal(second(), true);
  assert.equal(first(), false);
  assert.equal(third(), true);
  assert.equal(second(), false);
});
