import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { reviveRun } from "../../src/protocol/bundle.ts";
import { applyPatch, type PatchOp } from "../../src/protocol/patch.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { emptyRun } from "../../src/store/empty-run.ts";
import { LoadTarget } from "../../src/store/load-target.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

test("what is collected while a run is first read is what its ops make one by one", () => {
  const empty = emptyRun(acpxSource(new ManualClock()));
  const step = fc.oneof(
    fc.record({ op: fc.constant("trace" as const), n: fc.nat(9) }),
    fc.record({ op: fc.constant("events" as const), n: fc.nat(2) }),
    fc.record({ op: fc.constant("steps" as const), n: fc.nat(9) }),
    fc.record({ op: fc.constant("set" as const), n: fc.nat(9) }),
    fc.record({ op: fc.constant("look" as const), n: fc.nat(9) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const target = new LoadTarget(empty);
      let plain = empty;
      const apply = (ops: PatchOp[]) => {
        target.apply(ops);
        plain = applyPatch(plain, ops, reviveRun);
      };
      for (const id of ["0", "1", "2"]) {
        const session = {
          id,
          binding: null,
          record: null,
          events: id === "1" ? { from: 256, entries: [] } : [],
        };
        apply([{ op: "add", path: `/sessions/${id}`, value: session }]);
      }
      for (const [index, { n, op }] of steps.entries()) {
        if (op === "trace") apply([{ op: "append", path: "/trace", value: { seq: index } }]);
        else if (op === "events")
          apply([
            { op: "append", path: `/sessions/${n}/events`, value: index % 7 === 0 ? null : { seq: index } },
          ]);
        else if (op === "steps") apply([{ op: "append", path: "/steps", value: { n } }]);
        else if (op === "set") apply([{ op: "add", path: "/run", value: { n } }]);
        else assert.deepEqual(JSON.parse(JSON.stringify(target.state)), JSON.parse(JSON.stringify(plain)));
      }
      assert.deepEqual(JSON.parse(JSON.stringify(target.state)), JSON.parse(JSON.stringify(plain)));
      assert.equal(target.state.sessions["1"]?.events.length, plain.sessions["1"]?.events.length);
    }),
    { numRuns: 50 },
  );
});
