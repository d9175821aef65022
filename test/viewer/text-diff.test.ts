import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DiffRow, rowsOf, sectionsOf, statOf } from "../../viewer/text/diff-row.ts";
import { diffRows } from "../../viewer/text/diff-rows.ts";

const file = (count: number) => Array.from({ length: count }, (_, line) => `line ${line + 1}`);
const shown = (rows: readonly DiffRow[]) =>
  rows.map(({ kind, text }) => `${kind === "added" ? "+" : kind === "removed" ? "-" : " "}${text}`);

test("lines that came and went stand where they did, with their numbers", () => {
  const rows = diffRows("a\nb\nc", "a\nx\nc\nd\n");
  assert.deepEqual(rows, [
    { kind: "same", text: "a", oldLine: 1, newLine: 1 },
    { kind: "removed", text: "b", oldLine: 2 },
    { kind: "added", text: "x", newLine: 2 },
    { kind: "same", text: "c", oldLine: 3, newLine: 3 },
    { kind: "added", text: "d", newLine: 4 },
  ]);
  assert.deepEqual(statOf(rows ?? []), { added: 2, removed: 1 });
});

test("from the rows both texts can be read again", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "", "c c"), { maxLength: 12 })
    .map((lines) => lines.join("\n"));
  const ended = (value: string) => (value === "" ? [] : value.replace(/\n$/, "").split("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const rows = diffRows(before, after) ?? [];
      const of = (other: DiffRow["kind"]) => rows.filter(({ kind }) => kind !== other).map((row) => row.text);
      assert.deepEqual(of("added"), ended(before));
      assert.deepEqual(of("removed"), ended(after));
      for (const row of rows) {
        if (row.kind !== "added") assert.equal(ended(before)[row.oldLine - 1], row.text);
        if (row.kind !== "removed") assert.equal(ended(after)[row.newLine - 1], row.text);
      }
      assert.deepEqual(
        sectionsOf(rows).flatMap((section) => section.rows),
        rows,
      );
    }),
    { numRuns: 2000 },
  );
});

test("three lines stay around a change, the others are folded", () => {
  const before = file(40);
  const after = before.with(19, "changed");
  const sections = sectionsOf(diffRows(before.join("\n"), after.join("\n")) ?? []);
  assert.deepEqual(
    sections.map(({ kind, rows }) => [kind, rows.length]),
    [
      ["gap", 16],
      ["rows", 8],
      ["gap", 17],
    ],
  );
  assert.deepEqual(shown(sections[1]?.rows ?? []).slice(2, 6), [
    " line 19",
    "-line 20",
    "+changed",
    " line 21",
  ]);
});

test("a single line between two changes is not folded", () => {
  const before = file(20);
  const after = before.with(5, "x").with(13, "y");
  const sections = sectionsOf(diffRows(before.join("\n"), after.join("\n")) ?? []);
  assert.deepEqual(
    sections.map(({ kind }) => kind),
    ["gap", "rows", "gap"],
  );
});

test("texts with nothing in common are not compared for long", () => {
  const started = performance.now();
  const other = file(20_000).map((line) => `${line} else`);
  assert.equal(diffRows(file(20_000).join("\n"), other.join("\n")), null);
  assert.ok(performance.now() - started < 10_000);
  assert.equal(rowsOf("added", "a\nb\n").length, 2);
  assert.deepEqual(rowsOf("removed", ""), []);
});
