import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyPatch, type PatchOp, sameJson } from "../../src/protocol/patch.ts";
import { createDraft } from "../../src/store/draft.ts";

function drafted<State>(initial: State) {
  const target = {
    state: initial,
    ops: new Array<PatchOp>(),
    apply(ops: readonly PatchOp[]) {
      target.ops.push(...ops);
      target.state = applyPatch(target.state, ops);
    },
  };
  return { target, draft: createDraft(target) };
}

test("a call is an op", () => {
  const { target, draft } = drafted({ log: [1], text: "a", old: 1 });
  draft.append(["log"], 2);
  draft.set(["a/b"], 3);
  draft.remove(["old"]);
  assert.deepEqual(target.ops, [
    { op: "append", path: "/log", value: 2 },
    { op: "add", path: "/a~1b", value: 3 },
    { op: "remove", path: "/old" },
  ]);
});

test("a projection that is rewritten costs what changed in it", () => {
  const before = { status: "running", deep: { a: 1, b: [1, 2] } };
  const { target, draft } = drafted({ live: before });
  draft.reconcile(["live"], before, { status: "running", deep: { a: 2, b: [1, 2] } });
  assert.deepEqual(target.ops, [{ op: "replace", path: "/live/deep/a", value: 2 }]);
  target.ops.length = 0;
  draft.reconcile(["live"], target.state.live, target.state.live);
  assert.deepEqual(target.ops, []);
});

test("what comes and goes as a whole, or changes its kind, is set whole", () => {
  const { target, draft } = drafted<{ flow: unknown }>({ flow: null });
  draft.reconcile(["flow"], null, { a: 1 });
  draft.reconcile(["flow"], { a: 1 }, [1]);
  assert.deepEqual(target.state, { flow: [1] });
});

test("an agent's output may use any key; no patch ever carries one that is refused", () => {
  const before: unknown = JSON.parse('{"out":{"constructor":{"x":1},"__proto__":{"y":1}}}');
  const after: unknown = JSON.parse('{"out":{"constructor":{"x":2},"__proto__":{"y":2}},"more":1}');
  const { target, draft } = drafted({ run: before });
  draft.reconcile(["run"], before, after);
  assert.deepEqual(JSON.stringify(target.state.run), JSON.stringify(after));
  assert.throws(() => draft.set(["sessions", "__proto__"], {}), RangeError);
});

test("a huge key costs itself once, not once for every value below it", () => {
  const key = "k".repeat(1_000_000);
  const below = (value: number) =>
    Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [index, value]));
  const [before, after] = [{ [key]: below(1) }, { [key]: below(2) }];
  const { target, draft } = drafted({ live: before });
  draft.reconcile(["live"], before, after);
  assert.equal(target.ops.length, 1);
  assert.deepEqual(target.state.live, after);
});

test("reconciling any value with any other gives that other", () => {
  const value = fc.dictionary(fc.constantFrom("a", "b", "/", "~1"), fc.jsonValue({ maxDepth: 2 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(value, value, (before, after) => {
      const { target, draft } = drafted({ part: before });
      draft.reconcile(["part"], before, after);
      assert.ok(sameJson(target.state.part, after));
    }),
  );
});
