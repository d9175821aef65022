import assert from "node:assert/strict";
import { test } from "node:test";
import { Candidates } from "../../src/store/candidates.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

function setUp() {
  const clock = new ManualClock(0);
  const looks: { name: string; at: number }[] = [];
  const candidates = new Candidates(clock, (name) => {
    looks.push({ name, at: clock.now() });
    candidates.notYet(name);
  });
  return { candidates, clock, looks };
}

test("a folder that was made just now is looked into at once, and for some seconds several times a second", () => {
  const { candidates, clock, looks } = setUp();
  candidates.appeared("new");
  clock.advance(10_000);
  assert.equal(looks[0]?.at, 10);
  const longest = Math.max(...looks.slice(1).map(({ at }, place) => at - (looks[place]?.at ?? 0)));
  assert.ok(longest <= 150, `${longest} ms without a look`);
  const before = looks.length;
  clock.advance(600_000);
  assert.ok(looks.length - before < 10, "later it is left to the sweeps");
});

test("of many folders that come together each is looked into ever later", () => {
  const { candidates, clock, looks } = setUp();
  for (let index = 0; index < 500; index += 1) candidates.appeared(`folder-${index}`);
  clock.advance(10_000);
  assert.ok(looks.length <= 500 * 11, `${looks.length} looks`);
  candidates.settled("folder-7");
  candidates.keepOnly(new Set(["folder-8"]), clock.passed() + 1);
  const before = looks.length;
  candidates.appeared("folder-8");
  clock.advance(15);
  assert.deepEqual(
    looks.slice(before).map(({ name }) => name),
    ["folder-8"],
  );
});
