import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as v from "valibot";
import { applyPatch, PatchError, type PatchOp, sameJson } from "../../src/protocol/patch.ts";

/** The form in which the public test records of RFC 6902 are published. */
const Records = v.array(
  v.object({
    comment: v.optional(v.string()),
    doc: v.unknown(),
    patch: v.optional(v.custom<PatchOp[]>((value) => Array.isArray(value))),
    expected: v.optional(v.unknown()),
    error: v.optional(v.string()),
    disabled: v.optional(v.boolean(), false),
  }),
);

/** One test a record of the file. */
export function testRecords(name: string, path: string): void {
  const records = v.parse(Records, JSON.parse(readFileSync(path, "utf8")));
  for (const [index, { comment, doc, patch, expected, error, disabled }] of records.entries()) {
    if (disabled || patch === undefined) continue;
    test(`RFC 6902, ${name} ${index}: ${comment ?? error ?? "no comment"}`, () => {
      freeze(doc);
      if (error !== undefined) assert.throws(() => applyPatch(doc, patch), PatchError);
      else if (expected === undefined) applyPatch(doc, patch);
      else assert.ok(sameJson(applyPatch(doc, patch), expected));
    });
  }
}

/** Makes any change of the value throw. */
export function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
