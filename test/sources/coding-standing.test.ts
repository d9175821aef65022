import assert from "node:assert/strict";
import { test } from "node:test";
import type { DigestState, OpenCall } from "../../src/sources/coding/digests.ts";
import { standingOf } from "../../src/sources/coding/standing.ts";
import { judge } from "../../src/store/stall.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const writtenAt = Date.parse("2026-01-02T03:04:05.000Z");

const call = (kind: string, more: Partial<OpenCall> = {}): OpenCall => ({
  id: "c1",
  tool: "Tool",
  kind,
  title: "npm test",
  at: writtenAt,
  asks: false,
  ...more,
});
const working = (...calls: OpenCall[]): DigestState => ({ is: "working", calls, hasAnswered: false });
const answered: DigestState = { is: "working", calls: [], hasAnswered: true };

/** What the list says of a session that was written to so long ago. */
function statusAfter(state: DigestState, quietMs: number): string {
  const now = writtenAt + quietMs;
  return judge(standingOf(state, writtenAt, now).pulse, now).status;
}

test("A session stands as its files end, and as long as nothing has been written", () => {
  const table: readonly [DigestState, ...(readonly [quietMs: number, status: string])[]][] = [
    [{ is: "empty" }, [0, "idle"], [HOUR, "ended"]],
    [{ is: "idle", outcome: "ok" }, [0, "idle"], [HOUR - 1, "idle"], [HOUR, "ended"]],
    [working(), [0, "running"], [10 * MINUTE, "running"], [10 * MINUTE + 1, "stalled"], [24 * HOUR, "ended"]],
    [working(call("read")), [5 * SECOND - 1, "running"], [5 * SECOND, "waiting"], [24 * HOUR, "ended"]],
    [working(call("edit")), [5 * SECOND, "waiting"]],
    [working(call("execute")), [30 * SECOND - 1, "running"], [30 * SECOND, "waiting"], [HOUR, "waiting"]],
    [working(call("other")), [30 * SECOND - 1, "running"], [30 * SECOND, "waiting"]],
    [working(call("other", { tool: "Task" })), [9 * MINUTE, "running"], [10 * MINUTE, "waiting"]],
    [working(call("execute", { asks: true })), [0, "waiting"], [24 * HOUR, "ended"]],
    // A version that never says that a turn is over.
    [answered, [2 * MINUTE - 1, "running"], [2 * MINUTE, "idle"], [HOUR - 1, "idle"], [HOUR, "ended"]],
    // The oldest of several is what all wait for; a question is asked at once, whatever else is open.
    [working(call("execute"), call("read")), [6 * SECOND, "running"]],
    [working(call("execute"), call("other", { asks: true })), [0, "waiting"]],
  ];
  for (const [state, ...rows] of table)
    for (const [quietMs, status] of rows)
      assert.equal(statusAfter(state, quietMs), status, `${JSON.stringify(state)} after ${quietMs} ms`);
});

test("Until the time that it tells, nothing but a new line changes where a session stands", () => {
  const states = [
    working(),
    answered,
    working(call("read")),
    working(call("execute")),
    { is: "empty" } as const,
  ];
  for (const state of states) {
    for (let quiet = 0; quiet < 25 * HOUR;) {
      const { pulse, status } = standingOf(state, writtenAt, writtenAt + quiet);
      if (pulse.changesAt === undefined) {
        assert.equal(status, "ended", "who has ended owes nothing any more");
        assert.equal(pulse.silenceMs, null);
        break;
      }
      assert.ok(pulse.changesAt > writtenAt + quiet);
      assert.equal(standingOf(state, writtenAt, pulse.changesAt - 1).status, status);
      assert.notEqual(standingOf(state, writtenAt, pulse.changesAt).status, status);
      quiet = pulse.changesAt - writtenAt;
    }
  }
});

test("It says what it is at", () => {
  const detail = (state: DigestState) => standingOf(state, writtenAt, writtenAt).detail;
  assert.equal(detail(working(call("execute", { tool: "Bash" }))), "Bash: npm test");
  assert.equal(detail(working(call("execute", { tool: "Bash", asks: true }))), "asks: npm test");
  assert.equal(detail({ is: "idle", outcome: "ok" }), null);
  assert.equal(detail({ is: "idle", outcome: "failed" }), "The last turn failed.");
});
