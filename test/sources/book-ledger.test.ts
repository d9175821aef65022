import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addUsage, NO_USAGE, type Usage } from "../../src/protocol/usage.ts";
import { Circles } from "../../src/sources/coding/book/circles.ts";
import { KeyTable } from "../../src/sources/coding/book/key-table.ts";
import { keyHash } from "../../src/sources/coding/book/key-hash.ts";
import { Ledger } from "../../src/sources/coding/book/ledger.ts";
import { packClaims, unpackClaims } from "../../src/sources/coding/book/packed-claims.ts";
import { priceOf } from "../../src/sources/coding/book/pricing.ts";
import { answered } from "../helpers/made-sessions.ts";

const AT = Date.UTC(2026, 10, 20);

test("a price is by the list, of all kinds of tokens; what has none has none", () => {
  const tokens = {
    inputTokens: 2,
    cacheReadTokens: 50_000,
    cacheWriteTokens: 10_000,
    cacheWrite1hTokens: 6_000,
    outputTokens: 1_000,
  };
  assert.equal(priceOf("anthropic", "claude-opus-4-8", tokens, AT)?.toFixed(8), "0.13501000");
  assert.equal(priceOf("anthropic", "nobody-knows-it", tokens, AT), null);
  assert.equal(priceOf("anthropic", null, tokens, AT), null);
  assert.equal(priceOf("nobody", "claude-opus-4-8", tokens, Number.NaN) === undefined, false);
});

test("the table of keys is a map that numbers them", () => {
  // Of many keys some begin in the same slot; of few the same come again.
  const key = fc.oneof(
    fc.maxSafeNat(),
    fc.nat(50),
    fc.nat(5_000).map((n) => n * 2 ** 32),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 3_000 }), fc.array(key), (keys, others) => {
      const table = new KeyTable();
      const map = new Map<number, number>();
      for (const each of keys) {
        const known = map.get(each) ?? map.size;
        map.set(each, known);
        assert.equal(table.add(each), known);
      }
      assert.equal(table.size, map.size);
      for (const [each, number] of map) assert.equal(table.keyOf(number), each);
      for (const each of [...keys, ...others]) assert.equal(table.numberOf(each), map.get(each) ?? -1);
    }),
    { numRuns: 40 },
  );
});

test("keys that differ in little have different numbers", () => {
  const seen = new Set<number>();
  for (let index = 0; index < 200_000; index += 1) seen.add(keyHash(`claude-code msg_01${index}`));
  assert.equal(seen.size, 200_000);
  assert.ok([...seen].every((hash) => Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 52));
});

interface Telling {
  readonly file: number;
  readonly key: string;
  readonly output: number;
  readonly isCopied: boolean;
}

/** What each of the sessions is counted for, and all that was told of it. */
function count(born: readonly number[], tellings: readonly Telling[]) {
  let moved: Usage = NO_USAGE;
  const ledger = new Ledger({
    moved: ({ usage }) => (moved = addUsage(moved, usage)),
    changed: () => undefined,
  });
  const accounts = born.map(() => ledger.account("made", "anthropic"));
  const tellers = born.map((at, index) => {
    const account = accounts[index];
    assert.ok(account);
    return ledger.teller(account, `/${index}`, at);
  });
  for (const { file, isCopied, key, output } of tellings) {
    const teller = tellers[file];
    assert.ok(teller);
    ledger.tell(teller, answered(key, output, { isCopied }));
  }
  return { outputs: accounts.map((account) => ledger.usageOf(account).outputTokens), moved, ledger, tellers };
}

const files = fc.array(fc.nat(3), { minLength: 3, maxLength: 3 });
const telling = fc.record({
  file: fc.nat(2),
  key: fc.constantFrom("a", "b", "c"),
  output: fc.nat(5),
});
/** Whether a file's answer was copied is said by the file, each time. */
const copied = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });

test("an answer is counted once, for the same session and with the same tokens in any order of reading", () => {
  const order = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(files, fc.array(telling, { maxLength: 30 }), copied, order, (born, raw, copied, order) => {
      const tellings = raw.map((each) => ({
        ...each,
        isCopied: copied[each.file * 3 + "abc".indexOf(each.key)] ?? false,
      }));
      const wanted = born.map(() => 0);
      for (const key of ["a", "b", "c"]) {
        const told = tellings.filter((each) => each.key === key);
        const most = Math.max(0, ...told.map(({ output }) => output));
        const [owner] = told.toSorted(
          (left, right) =>
            Number(left.isCopied) - Number(right.isCopied) ||
            (born[left.file] ?? 0) - (born[right.file] ?? 0) ||
            left.file - right.file,
        );
        if (owner !== undefined) wanted[owner.file] = (wanted[owner.file] ?? 0) + most;
      }
      const shuffled = tellings
        .map((each, index) => ({ each, order: order[index] ?? 0 }))
        .toSorted((left, right) => left.order - right.order)
        .map(({ each }) => each);
      for (const some of [tellings, shuffled]) {
        const { moved, outputs } = count(born, some);
        assert.deepEqual(outputs, wanted);
        assert.equal(
          moved.outputTokens,
          wanted.reduce((sum, each) => sum + each, 0),
        );
      }
    }),
  );
});

test("what a file told that was written anew is taken back, and counts for who tells it again", () => {
  const { ledger, tellers } = count(
    [1, 2],
    [
      { file: 0, key: "a", output: 5, isCopied: false },
      { file: 1, key: "a", output: 5, isCopied: false },
      { file: 1, key: "b", output: 7, isCopied: false },
    ],
  );
  const [first, second] = tellers;
  assert.ok(first && second);
  assert.equal(ledger.takeBack(first), true, "the other tells it too, so it is to be read anew");
  assert.equal(ledger.usageOf(first.account).outputTokens, 0);
  assert.equal(ledger.usageOf(second.account).outputTokens, 7);
  ledger.tell(second, answered("a", 5));
  assert.equal(ledger.usageOf(second.account).outputTokens, 12);
  assert.equal(ledger.isOwn(first.account, "a"), false);
});

test("news of an answer are what it has beyond what was told", () => {
  const ledger = new Ledger({ moved: () => undefined, changed: () => undefined });
  const teller = ledger.teller(ledger.account("made", "anthropic"), "/a", 1);
  assert.equal(ledger.tell(teller, answered("a", 5))?.outputTokens, 5);
  assert.equal(ledger.tell(teller, answered("a", 5)), null);
  const more = ledger.tell(teller, answered("a", 9));
  assert.deepEqual([more?.outputTokens, more?.inputTokens], [4, 0]);
  assert.equal(ledger.tell(teller, answered("a", 3)), null);
  const copy = ledger.teller(ledger.account("made", "anthropic"), "/b", 2);
  assert.equal(ledger.tell(copy, answered("a", 9)), null);
});

test("claims are unpacked as they were packed", () => {
  const claim = {
    key: 2 ** 52 - 1,
    at: AT + 0.5,
    cost: null,
    tokens: answered("a", 7).tokens,
    model: 3,
    isCopied: true,
    isContested: false,
  };
  const other = { ...claim, cost: 0.1, isCopied: false, isContested: true };
  assert.deepEqual(unpackClaims(packClaims([claim, other])), [claim, other]);
  assert.deepEqual(unpackClaims(""), []);
  assert.equal(unpackClaims("AAAA"), null);
});

test("a circle is all who met, over any between them", () => {
  const meetings = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 14 });
  fc.assert(
    fc.property(meetings, (met) => {
      const circles = new Circles();
      const sets = new Map<number, Set<number>>();
      for (const [left, right] of met) {
        const [one, other] = [sets.get(left), sets.get(right)];
        assert.equal(circles.meet(left, right), one === undefined || one !== other);
        const all = new Set([left, right, ...(one ?? []), ...(other ?? [])]);
        for (const each of all) sets.set(each, all);
      }
      for (let left = 0; left <= 12; left += 1) {
        assert.equal(circles.of(left) === null, !sets.has(left));
        for (const right of sets.get(left) ?? []) assert.equal(circles.of(left), circles.of(right));
        for (const right of sets.keys())
          assert.equal(circles.of(left) === circles.of(right), sets.get(left)?.has(right) === true);
      }
    }),
  );
});
