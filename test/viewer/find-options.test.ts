import assert from "node:assert/strict";
import { test } from "node:test";
import { queryOf } from "../../viewer/find/query-of.ts";
import { moved } from "../../viewer/find/options.ts";

test("what is pasted with control characters is looked for without them", () => {
  assert.equal(queryOf("\u001b[31m two\twords\u0000\n"), "[31m two words");
  assert.equal(queryOf(" \u0007 "), "");
});

test("keys move through the list, and around its ends by one", () => {
  assert.equal(moved("ArrowDown", 0, 3), 1);
  assert.equal(moved("ArrowDown", 2, 3), 0);
  assert.equal(moved("ArrowUp", 0, 3), 2);
  assert.equal(moved("PageDown", 1, 30), 9);
  assert.equal(moved("PageDown", 28, 30), 29);
  assert.equal(moved("PageUp", 3, 30), 0);
  assert.equal(moved("Home", 7, 30), 0);
  assert.equal(moved("End", 7, 30), 29);
  assert.equal(moved("a", 7, 30), null);
  assert.equal(moved("End", 0, 0), 0);
});
