import type { ReadProblem } from "../protocol/bundle.ts";
import { MAX_LINE_BYTES } from "./tail.ts";

/** What a problem of a line is, before the reader adds which file it is in. */
export type LineProblem = Omit<ReadProblem, "file">;

export function tooLong(offset: number, bytes: number): LineProblem {
  const limit = `${MAX_LINE_BYTES / 1024 / 1024} MiB`;
  return {
    kind: "too_long",
    offset,
    bytes,
    message: `The line is longer than ${limit} and was passed over.`,
  };
}

/** `reason` ends a sentence that begins with the line. */
export function malformed(offset: number, text: string, reason: string): LineProblem {
  return { kind: "malformed", offset, bytes: Buffer.byteLength(text), message: `The line ${reason}` };
}
