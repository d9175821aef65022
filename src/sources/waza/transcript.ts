import * as v from "valibot";
import { Name } from "./fields.ts";
import { Digest, Graders, TranscriptEvent } from "./results.ts";
import { Time } from "./stamp.ts";

/** What waza writes of a test as it ends, where it was asked to: `<task>-<date>-<time>.json`. */
export const Transcript = v.object({
  task_name: Name,
  status: v.string(),
  started_at: Time,
  prompt: v.nullish(v.string()),
  final_output: v.nullish(v.string()),
  transcript: v.nullish(v.array(TranscriptEvent)),
  validations: Graders,
  session: v.nullish(Digest),
  error_msg: v.nullish(v.string()),
});
export type Transcript = v.InferOutput<typeof Transcript>;

/** The name of a test as waza makes file names of it. */
export function fileNameOf(task: string): string {
  const name = task
    .trim()
    .toLowerCase()
    .replaceAll(" ", "-")
    .replaceAll(/[^a-zA-Z0-9_-]/g, "");
  return name === "" ? "unnamed" : name;
}

/** A test's transcript was begun right after the log was told of its start. */
const MOST_AFTER_MS = 5_000;
/** The clock is read twice for the two. */
const MOST_BEFORE_MS = 50;

export function isOfStart(transcriptStart: number, testStart: number): boolean {
  const after = transcriptStart - testStart;
  return after >= -MOST_BEFORE_MS && after <= MOST_AFTER_MS;
}

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const NAME = /^(.+)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.json$/;

/** Of a transcript's file name: the test's name in it, and its date as if the clock were UTC. */
export function readFileName(file: string): { readonly task: string; readonly at: number } | null {
  const [, task, ...digits] = NAME.exec(file) ?? [];
  if (task === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map(Number);
  return { task, at: Date.UTC(year, month - 1, day, hour, minute, second) };
}

/**
 * May a file with that date in its name be of a test with this start? The date is of a clock whose
 * place nobody knows, but such clocks differ by quarters of an hour: so nearly all files of other
 * runs need not be read.
 */
export function mayBeOfStart(at: number, testStart: number): boolean {
  const off = at - testStart;
  if (Math.abs(off) > DAY_MS) return false;
  const rest = (((off + 1_000) % QUARTER_MS) + QUARTER_MS) % QUARTER_MS;
  return rest <= MOST_AFTER_MS + 1_000;
}
