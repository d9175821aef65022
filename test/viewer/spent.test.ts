import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { spentAt } from "../../viewer/playback/spent.ts";
import { money, roughNumber } from "../../viewer/ui/format.ts";
import { madeRun, prompt, said, session, T0, update } from "./made-run.ts";

function ended(id: number, usage: object) {
  return { jsonrpc: "2.0", id, result: { stopReason: "end_turn", usage } };
}

function costs(amount: unknown, currency = "USD") {
  return update({ sessionUpdate: "usage_update", used: 1, size: 2, cost: { amount, currency } });
}

const run = madeRun({
  trace: Log.empty(),
  sessions: {
    ...session("main", [
      said(1, 100, prompt(1, "One")),
      said(2, 200, costs(0.05)),
      said(3, 300, ended(1, { inputTokens: 100, outputTokens: 20 })),
      said(4, 400, prompt(2, "Two")),
      said(5, 500, costs(0.12)),
      said(6, 600, ended(2, { inputTokens: 1, outputTokens: 1, totalTokens: 50 })),
    ]),
    ...session("judge", [
      said(1, 250, prompt(1, "Judge")),
      said(2, 350, costs(0.01)),
      said(3, 360, costs("a lot")),
      said(4, 370, costs(-1)),
      said(5, 450, ended(1, { totalTokens: 7 })),
    ]),
  },
});

function spentBy(ms: number) {
  const index = new RunIndex();
  index.extend(run);
  return spentAt(index, T0 + ms);
}

test("what was spent is what had been told by then, over all sessions", () => {
  assert.deepEqual(spentBy(199), { tokens: null, costs: [] });
  assert.deepEqual(spentBy(200), { tokens: null, costs: [{ amount: 0.05, currency: "USD" }] });
  assert.equal(spentBy(300)?.tokens, 120);
  assert.equal(spentBy(450)?.tokens, 127);
  assert.equal(spentBy(600)?.tokens, 177);
  // A session's cost is its newest word, not a sum of its words; what is no cost is passed over.
  assert.equal(money(spentBy(600)?.costs[0]?.amount ?? 0, "USD"), "$0.13");
});

test("amounts are read at a glance", () => {
  assert.equal(money(0.1134, "USD"), "$0.11");
  assert.equal(money(0.0042, "USD"), "$0.0042");
  assert.equal(money(3, "EUR"), "€3.00");
  assert.equal(roughNumber(987), "987");
  assert.equal(roughNumber(41_290), "41.3k");
  assert.equal(roughNumber(1_204_000), "1.2M");
});
