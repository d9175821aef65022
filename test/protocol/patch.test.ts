import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import fc from "fast-check";
import jsonPatch from "fast-json-patch";
import { Log } from "../../src/protocol/log.ts";
import { applyPatch, PatchError, type PatchOp, sameJson } from "../../src/protocol/patch.ts";
import { formatPointer } from "../../src/protocol/pointer.ts";
import { freeze, testRecords } from "../helpers/rfc-records.ts";

function isOps(value: unknown): value is PatchOp[] {
  return Array.isArray(value);
}

const require = createRequire(import.meta.url);
for (const file of ["tests.json", "spec_tests.json"]) {
  testRecords(file, require.resolve(`json-patch-test-suite/${file}`));
}

test("O1: append concatenates strings and adds one element to arrays and logs", () => {
  const doc = freeze({ text: "ab", list: [1] });
  const next = applyPatch<unknown>(doc, [
    { op: "append", path: "/text", value: "c" },
    { op: "append", path: "/list", value: [2, 3] },
  ]);
  assert.deepEqual(next, { text: "abc", list: [1, [2, 3]] });
  assert.deepEqual(doc, { text: "ab", list: [1] });
  const log = applyPatch({ log: Log.from([1]) }, [{ op: "append", path: "/log", value: 2 }]).log;
  assert.deepEqual(log.toJSON(), [1, 2]);
  assert.equal(applyPatch("a", [{ op: "append", path: "", value: "b" }]), "ab");
});

test("O2: append needs a target that can take the value", () => {
  const doc = { text: "", number: 1, object: {}, nothing: null };
  for (const [path, value] of [
    ["/missing", "x"],
    ["/number", 1],
    ["/object", 1],
    ["/nothing", "x"],
    ["/text", 1],
    ["/text/-", "x"],
  ] as const) {
    assert.throws(() => applyPatch(doc, [{ op: "append", path, value }]), PatchError, path);
  }
});

test("O3: an index is digits without a leading zero, and - only adds", () => {
  const doc = { list: ["a", "b"] };
  for (const index of ["01", "1e0", "-1", "+1", " 1", "1.0", "", "2"]) {
    assert.throws(
      () => applyPatch(doc, [{ op: "replace", path: `/list/${index}`, value: 0 }]),
      PatchError,
      index,
    );
  }
  assert.throws(() => applyPatch(doc, [{ op: "replace", path: "/list/-", value: 0 }]), PatchError);
  assert.deepEqual(applyPatch(doc, [{ op: "add", path: "/list/-", value: "c" }]).list, ["a", "b", "c"]);
});

test("O4: no path reaches a prototype", () => {
  for (const path of [
    "/__proto__/polluted",
    "/constructor/prototype/polluted",
    "/a/__proto__",
    "/prototype",
  ]) {
    assert.throws(() => applyPatch({ a: {} }, [{ op: "add", path, value: true }]), PatchError);
    assert.throws(() => applyPatch({ a: {} }, [{ op: "copy", from: path, path: "/b" }]), PatchError);
  }
  assert.equal("polluted" in {}, false);
});

test("O5: a patch applies whole or not at all, and says which op failed", () => {
  const doc = freeze({ a: 1 });
  const ops: PatchOp[] = [
    { op: "add", path: "/b", value: 2 },
    { op: "remove", path: "/missing" },
  ];
  assert.throws(
    () => applyPatch(doc, ops),
    (error) => error instanceof PatchError && error.index === 1 && error.message.includes("/missing"),
  );
  assert.deepEqual(doc, { a: 1 });
});

test("O7: a log cannot be shortened or written in the middle", () => {
  const doc = { log: Log.from([1, 2]) };
  assert.throws(() => applyPatch(doc, [{ op: "remove", path: "/log/0" }]), PatchError);
  assert.throws(() => applyPatch(doc, [{ op: "add", path: "/log/0", value: 0 }]), PatchError);
  assert.deepEqual(applyPatch(doc, [{ op: "add", path: "/log/2", value: 3 }]).log.toJSON(), [1, 2, 3]);
  assert.deepEqual(applyPatch(doc, [{ op: "replace", path: "/log/0", value: 9 }]).log.toJSON(), [9, 2]);
});

const key = fc.constantFrom("a", "b", "c", "/", "~", "", "0", "é");
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, 1.5, "", "text"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const root = fc.oneof(
  fc.array(json, { maxLength: 5 }),
  fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }),
);

test("the difference that fast-json-patch finds leads to its result", () => {
  fc.assert(
    fc.property(root, root, (before, after) => {
      if (Array.isArray(before) !== Array.isArray(after)) return;
      const ops = jsonPatch.compare(before, after);
      assert.ok(isOps(ops));
      assert.ok(sameJson(applyPatch<unknown>(freeze(structuredClone(before)), ops), after));
    }),
    { numRuns: 300 },
  );
});

// Few keys, so that paths hit what is there.
const fewKeys = fc.constantFrom("a", "b");
const small = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<unknown>(null, 1, "text"),
    fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fewKeys, tie("value"), { minKeys: 1, noNullPrototype: true }),
  ),
})).value;
const smallRoot = fc.dictionary(fewKeys, small, { minKeys: 1, noNullPrototype: true });
const pointer = fc
  .array(fc.oneof(fewKeys, fc.constantFrom("0", "1", "-", "01")), { minLength: 1, maxLength: 3 })
  .map(formatPointer);
const op: fc.Arbitrary<PatchOp> = fc.oneof(
  fc.record({ op: fc.constantFrom("add", "replace", "test"), path: pointer, value: json }),
  fc.record({ op: fc.constant("remove"), path: pointer }),
  fc.record({ op: fc.constantFrom("move", "copy"), from: pointer, path: pointer }),
);

test("whatever ops come, the given state is untouched and the result is the oracle's", () => {
  let applied = 0;
  fc.assert(
    fc.property(smallRoot, fc.array(op, { minLength: 1, maxLength: 3 }), (doc, ops) => {
      const before = JSON.stringify(doc);
      let result: unknown;
      try {
        result = applyPatch<unknown>(freeze(structuredClone(doc)), ops);
      } catch (error) {
        assert.ok(error instanceof PatchError);
        return;
      }
      applied += 1;
      assert.equal(JSON.stringify(doc), before);
      // The oracle reads "test" of an object by key order and takes more than the RFC allows, so it is only
      // asked about patches that ours accepted.
      const plain = ops.filter((one) => one.op !== "append");
      const expected: unknown = jsonPatch.applyPatch(
        structuredClone(doc),
        structuredClone(plain),
      ).newDocument;
      assert.ok(sameJson(result, expected), `${JSON.stringify(result)} is not ${JSON.stringify(expected)}`);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(applied > 100, "too few patches applied for this to mean anything");
});

test("applying shares every part that no op touched", () => {
  const doc = { a: { deep: [1] }, b: { deep: [2] } };
  const next = applyPatch(doc, [{ op: "add", path: "/a/new", value: 0 }]);
  assert.equal(next.b, doc.b);
  assert.equal(next.a.deep, doc.a.deep);
  assert.notEqual(next.a, doc.a);
});
