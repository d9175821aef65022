import * as v from "valibot";
import { NOW_FRAMES, type NowRecord } from "../../src/protocol/now.ts";

/** What the server says happened, checked where it comes in. What nobody knows is left out. */

const Record = v.variant("type", [
  v.object({ type: v.literal("event"), payload: NOW_FRAMES.event }),
  v.object({ type: v.literal("tool_call"), payload: NOW_FRAMES.tool_call }),
  v.object({ type: v.literal("tool_result"), payload: NOW_FRAMES.tool_result }),
  v.object({ type: v.literal("test_result"), payload: NOW_FRAMES.test_result }),
  v.object({ type: v.literal("mark"), payload: NOW_FRAMES.mark }),
]);

const Recent = v.object({ records: v.array(v.unknown()) });

export function readRecord(value: unknown): NowRecord | null {
  const result = v.safeParse(Record, value);
  return result.success ? result.output : null;
}

/** `/api/live/recent`: the oldest first. Null: this is no answer to that. */
export function readRecent(text: string): readonly NowRecord[] | null {
  const recent = readJson(Recent, text);
  return recent === null ? null : recent.records.flatMap((value) => readRecord(value) ?? []);
}

/** A text that should be JSON of this shape; null where it is not. */
export function readJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : null;
}
