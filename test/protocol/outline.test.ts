import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type OutlineRow, shortId, traceRow } from "../../src/protocol/outline.ts";
import { decodeRows, encodeRows } from "../../src/protocol/outline-wire.ts";
import { firstSessionRow } from "../helpers/first-session-row.ts";

test("an id of a megabyte is a short one in a row, and two such ids are still two", () => {
  const id = "x".repeat(1024 * 1024);
  const call = (toolCallId: string) =>
    firstSessionRow(
      {
        seq: 1,
        at: "2026-01-02T03:04:05.000Z",
        message: {
          method: "session/update",
          params: { update: { sessionUpdate: "tool_call", toolCallId } },
        },
      },
      0,
      0,
    );
  const [one, other] = [call(`${id}a`), call(`${id}b`)];
  assert.ok(one?.is === "tool" && other?.is === "tool");
  assert.ok(JSON.stringify(one).length < 500);
  assert.notEqual(one.call, other.call);
  assert.equal(one.call, shortId(`${id}a`));
  assert.equal(shortId("call-1"), "call-1");
  const begun = traceRow(
    { seq: 1, at: "", type: "node_started", nodeId: id, attemptId: `${id}#1`, payload: {} },
    0,
    0,
  );
  assert.ok(begun !== null && JSON.stringify(begun).length < 1_000);
});

test("rows are read as they were written, in blocks of any size", () => {
  const text = fc.string({ maxLength: 8 });
  const maybe = fc.option(text, { nil: null });
  const plain = { noNullPrototype: true };
  const [passed, failed, error, skipped] = [fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)];
  const sums = fc.option(fc.record({ passed, failed, error, skipped }, plain), { nil: null });
  const kind = fc.oneof(
    fc.record({ is: fc.constant("begin" as const), attempt: text, node: text, kind: text, detail: maybe }),
    fc.record({
      is: fc.constant("begin" as const),
      attempt: text,
      node: text,
      kind: text,
      detail: maybe,
      test: fc.record(
        {
          name: text,
          suite: maybe,
          target: maybe,
          since: fc.option(fc.nat()),
          isBaseline: fc.constant(true as const),
        },
        { ...plain, requiredKeys: ["name", "suite", "target", "since"] },
      ),
    }),
    fc.record({ is: fc.constant("detail" as const), attempt: text, detail: text }),
    fc.record({ is: fc.constant("end" as const), attempt: text, outcome: text, error: maybe }),
    fc.record({ is: fc.constant("prompt" as const), attempt: text, session: text }),
    fc.record({ is: fc.constantFrom("grade" as const, "over" as const) }),
    fc.record({ is: fc.constant("files" as const), attempt: text }),
    fc.record({ is: fc.constant("counted" as const), counted: fc.record({ total: fc.nat(), sums }, plain) }),
    fc.record({ is: fc.constantFrom("turn" as const, "load" as const), id: text }),
    fc.record({ is: fc.constant("answer" as const), id: text, tokens: fc.option(fc.nat(), { nil: null }) }),
    fc.record({
      is: fc.constant("cost" as const),
      amount: fc.double({ min: 0, max: 1e6, noNaN: true }),
      currency: text,
    }),
    fc.record({ is: fc.constant("plan" as const) }),
    fc.record({ is: fc.constant("tool" as const), call: text, title: maybe, kind: maybe, status: maybe }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ kind, line: fc.nat(9), at: fc.nat(99) })),
      fc.nat(9),
      (list, unknown) => {
        let [line, at] = [0, 1_700_000_000_000];
        const rows = list.map((each, index): OutlineRow => {
          line += each.line;
          at += each.at;
          return { line, at: index < unknown ? Number.NEGATIVE_INFINITY : at, ...each.kind };
        });
        assert.deepEqual(decodeRows(JSON.parse(JSON.stringify(encodeRows(rows)))), rows);
      },
    ),
  );
  assert.deepEqual(decodeRows([[1, 2, "?", "from a newer server"]]), []);
});
