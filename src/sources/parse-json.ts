import * as v from "valibot";
import { messageOf } from "./file-errors.ts";

/**
 * How deep a value may be nested. JSON.parse takes any depth, but writing it out
 * again and comparing it recurse, and would end the process some thousands down.
 */
const MAX_DEPTH = 500;

export type Parsed<Value> =
  | { readonly kind: "good"; readonly value: Value }
  /** Not this kind of thing at all, or only half of it; the message ends a sentence. */
  | { readonly kind: "bad"; readonly message: string };

/** The one way from text on disk to a value: JSON, of bounded depth, that fits its schema. */
export function parseJson<Value>(text: string, schema: v.GenericSchema<unknown, Value>): Parsed<Value> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: "bad", message: `is not JSON: ${messageOf(error)}` };
  }
  // Each level takes two characters at least, so a short text needs no look.
  if (text.length > 2 * MAX_DEPTH && isDeeperThan(json, MAX_DEPTH)) {
    return { kind: "bad", message: `is nested deeper than ${MAX_DEPTH} levels` };
  }
  const result = v.safeParse(schema, json);
  if (result.success) return { kind: "good", value: result.output };
  return { kind: "bad", message: `is not what it should be: ${describe(result.issues)}` };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (isDeeperThan(member, levels - 1)) return true;
  return false;
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  if (first === undefined) return "it does not fit its schema";
  const where = v.getDotPath(first);
  return where === null ? first.message : `${where}: ${first.message}`;
}
