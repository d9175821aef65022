import assert from "node:assert/strict";
import { test } from "node:test";
import { SignsOfLife } from "../../src/sources/signs-of-life.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

test("the first look goes by the stamp, one from the future by the clock", () => {
  const clock = new ManualClock(10_000);
  assert.equal(new SignsOfLife(clock).note(4_000), 4_000);
  assert.equal(new SignsOfLife(clock).note(99_000), 10_000);
});

test("after it a newer stamp means a write just now, however old or new it claims to be", () => {
  const clock = new ManualClock(10_000);
  for (const stamp of [1_000, 9_000, 99_000]) {
    const signs = new SignsOfLife(clock);
    signs.note(stamp);
    assert.equal(signs.note(stamp + 1), 10_000);
    clock.advance(5_000);
    assert.equal(signs.note(stamp + 1), clock.now() - 5_000, "nothing new since");
    assert.equal(signs.note(stamp + 2), clock.now());
    clock.advance(-clock.now() + 10_000);
  }
});

test("stamps that went back are gone by anew", () => {
  const signs = new SignsOfLife(new ManualClock(10_000));
  signs.note(9_000);
  assert.equal(signs.note(3_000), 3_000);
});
