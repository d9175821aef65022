import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isHeartbeat, QUIET_MS, QuietSpells, quietTogether, type Spell } from "../../src/protocol/quiet.ts";

interface Line {
  readonly at: number;
  readonly isHeartbeat: boolean;
}

/** Plainly: between two lines that follow one another and are no heartbeats. */
function plainSpells(lines: readonly Line[]): Spell[] {
  const spells: Spell[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  let last: number | null = null;
  for (const { at, isHeartbeat: isBeat } of lines) {
    newest = Math.max(newest, at);
    if (isBeat) continue;
    if (last !== null && newest - last > QUIET_MS) spells.push([last, newest]);
    last = newest;
  }
  return spells;
}

/** As who holds these lines tells them: in the order in which they stand. */
function told(lines: readonly Line[], spells = new QuietSpells()) {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { at, isHeartbeat: isBeat } of lines) {
    newest = Math.max(newest, at);
    if (!isBeat) spells.write(newest);
  }
  return { spells, newest };
}

const steps = fc.tuple(fc.integer({ min: -3_000, max: 25_000 }), fc.boolean());
const logs = fc.array(steps, { maxLength: 60 }).map((list) => {
  let at = 0;
  return list.map(([step, isBeat]): Line => ({ at: (at += step), isHeartbeat: isBeat }));
});

test("quiet spells are the same wherever the held part of a log begins, and however much more is told", () => {
  fc.assert(
    fc.property(logs, fc.nat(60), fc.nat(60), fc.nat(20), (lines, held, more, later) => {
      const from = Math.min(held, lines.length);
      const until = Math.max(from, Math.min(lines.length, from + later));
      const older = told(lines.slice(0, Math.min(lines.length, from + more)));
      const base = told(lines.slice(0, from)).newest;
      const { spells } = told(lines.slice(from, until));
      spells.learn(older.spells.told, base);
      // What comes after stands at its own time, or at that of what was before.
      let newest = Math.max(base, told(lines.slice(0, until)).newest);
      for (const line of lines.slice(until)) {
        newest = Math.max(newest, line.at);
        if (!line.isHeartbeat) spells.write(newest);
      }
      assert.deepEqual(spells.told.quiet, plainSpells(lines));
      const whole = told(lines).spells.told;
      assert.deepEqual([spells.told.first, spells.told.last], [whole.first, whole.last]);
    }),
  );
});

test("a run is quiet where all its logs are, for long enough", () => {
  const logs = fc.array(
    fc
      .array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 })
      .map((seconds) => seconds.toSorted((left, right) => left - right).map((second) => second * 1000)),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(logs, (times) => {
      const each = times.map((log) => {
        const spells = new QuietSpells();
        for (const at of log) spells.write(at);
        return spells.told;
      });
      const all = [...new Set([0, ...times.flat(), 400_000])].toSorted((left, right) => left - right);
      const expected = all.flatMap((to, index): Spell[] => {
        const from = all[index - 1] ?? 0;
        return to - from > QUIET_MS ? [[from, to]] : [];
      });
      assert.deepEqual(quietTogether(each, 0, 400_000), expected);
    }),
  );
});

test("a heartbeat of the trace is one", () => {
  assert.ok(isHeartbeat({ seq: 1, at: "2026-01-01T00:00:00.000Z", type: "node_heartbeat" }));
  assert.ok(!isHeartbeat({ seq: 1, at: "2026-01-01T00:00:00.000Z", type: "node_started" }));
});
