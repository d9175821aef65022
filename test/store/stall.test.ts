import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../src/store/stall.ts";

const AT = Date.parse("2026-01-02T03:04:05.000Z");

test("a writer that is silent for longer than it may be is stalled, since its last write", () => {
  const pulse = { status: "running", silenceMs: 15_000, lastWriteAt: AT } as const;
  assert.deepEqual(judge(pulse, AT + 15_000), { status: "running" });
  assert.deepEqual(judge(pulse, AT + 15_001), {
    status: "stalled",
    stalledSince: "2026-01-02T03:04:05.000Z",
  });
  assert.deepEqual(judge({ ...pulse, lastWriteAt: AT + 15_001 }, AT + 15_001), { status: "running" });
});

test("who owes no sign of life never stalls", () => {
  for (const status of ["waiting", "completed", "failed"] as const) {
    assert.deepEqual(judge({ status, silenceMs: null, lastWriteAt: AT }, AT + 1e9), { status });
  }
});
