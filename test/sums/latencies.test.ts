import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Latencies } from "../../src/sums/latencies.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 60 * 60_000;

test("a call is paired with its result by its id, whatever stands between", () => {
  const latencies = new Latencies();
  latencies.call("one", { id: "a", tool: "Agent", at: NOW - 60_000 });
  latencies.call("one", { id: "b", tool: "Agent", at: NOW - 59_000 });
  latencies.call("two", { id: "a", tool: "Bash", at: NOW - 50_000 });
  latencies.result("one", { id: "b", at: NOW - 49_000 });
  latencies.result("two", { id: "a", at: NOW - 48_000 });
  latencies.result("one", { id: "a", at: NOW - 13_000 });
  latencies.result("one", { id: "nobody's", at: NOW });
  const [agent, bash] = latencies.told(NOW);
  assert.equal(agent?.tool_name, "Agent");
  assert.deepEqual([agent.samples, agent.p50, agent.p95], [2, 10, 47]);
  assert.deepEqual([bash?.samples, bash?.p50], [1, 2]);
});

test("calls that overlap in any way have the times that they took", () => {
  const call = fc.record({
    start: fc.nat(HOUR_MS),
    took: fc.nat(HOUR_MS),
    tool: fc.constantFrom("Bash", "Read"),
  });
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), (calls) => {
      const latencies = new Latencies();
      const moments = calls.flatMap(({ start, took, tool }, index) => [
        { at: NOW - 3 * HOUR_MS + start, order: 0, id: `call-${index}`, tool },
        { at: NOW - 3 * HOUR_MS + start + took, order: 1, id: `call-${index}`, tool },
      ]);
      moments.sort((left, right) => left.at - right.at || left.order - right.order);
      for (const { order, ...moment } of moments) {
        if (order === 0) latencies.call("a session", moment);
        else latencies.result("a session", moment);
      }
      const told = latencies.told(NOW);
      for (const { tool_name, samples, p50, p99 } of told) {
        const took = calls.filter(({ tool }) => tool === tool_name).map((each) => each.took / 1_000);
        took.sort((left, right) => left - right);
        assert.equal(samples, took.length);
        assert.equal(p50, took[Math.ceil(took.length / 2) - 1]);
        assert.equal(p99, took[Math.ceil((99 * took.length) / 100) - 1]);
      }
      assert.equal(told.length, new Set(calls.map(({ tool }) => tool)).size);
    }),
  );
});

test("a pair that a copied session tells again is one, and after a day it is none", () => {
  const latencies = new Latencies();
  for (const session of ["the first", "its copy"]) {
    latencies.call(session, { id: "a", tool: "Bash", at: NOW - 5_000 });
    latencies.result(session, { id: "a", at: NOW - 1_000 });
  }
  const [bash] = latencies.told(NOW);
  assert.deepEqual([bash?.samples, bash?.p50, bash?.series.at(-1), bash?.series.at(-2)], [1, 4, 4, null]);
  assert.equal(bash?.series.length, 12);
  assert.deepEqual(latencies.told(NOW + 25 * HOUR_MS), []);
});
