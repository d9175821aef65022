import { isRecorded } from "../../src/protocol/updates.ts";
import { fieldsOf, textOf as stringOf } from "../playback/unknown.ts";
import { firstLine } from "../ui/format.ts";
import { lineOf, type LoggedEvent } from "./event-line.ts";
import type { EventTest } from "./event-test.ts";
import { chunkOf } from "./message-text.ts";
import { visible } from "./words.ts";

/** A line of any of the logs. `key` names it within the run. */
export type LoggedLine = {
  readonly key: string;
  readonly at: number;
  /** What the tool call was named by then that the event is about and does not name. */
  readonly title: string | null;
  /** The test that it is of, as far as that was known by then. */
  readonly test: EventTest | null;
} & LoggedEvent;

/** One line, or the parts that a message came in one after the other. */
export interface EventRow {
  readonly first: LoggedLine;
  readonly rest: readonly LoggedLine[];
}

/** Lines of the same make one row where nothing else came between; null: a row of its own. */
export function joinsAs(logged: LoggedEvent): string | null {
  if (logged.of === "trace") return null;
  const { direction, message } = logged.event;
  // What a record says is a row of its own.
  const chunk = isRecorded(message) ? null : chunkOf(message);
  return chunk === null ? null : `${logged.sessionId} ${direction} ${chunk.of}`;
}

export function* linesOf({ first, rest }: EventRow): Generator<LoggedLine> {
  yield first;
  yield* rest;
}

/** The test's name. Where the line's own test is not known yet, the line may say it. */
export function testNameOf(line: LoggedLine): string | null {
  if (line.test !== null) return line.test.test.name;
  return line.of === "trace" ? stringOf(fieldsOf(line.event.payload)["test"]) : null;
}

/** Where it happened: an attempt, a session; of a test, which is named by itself, what it was run with. */
export function whereOf(line: LoggedLine): string {
  return line.test === null ? lineOf(line).where : (line.test.test.target ?? "");
}

/** What the row says in one line. */
export function rowText(row: EventRow): string {
  const { first, rest } = row;
  if (rest.length === 0) return lineOf(first, first.title).text;
  let text = "";
  for (const line of linesOf(row)) {
    text += textOf(line);
    if (text.length > MOST_CHARS) break;
  }
  return visible(firstLine(text));
}

const MOST_CHARS = 1000;

/** All that its parts say. */
export function wholeText(row: EventRow): string {
  return Array.from(linesOf(row), textOf).join("");
}

function textOf(line: LoggedLine): string {
  return line.of === "trace" ? "" : (chunkOf(line.event.message)?.text ?? "");
}

export function isSameRow(left: EventRow, right: EventRow | undefined): boolean {
  return (
    right !== undefined &&
    left.rest.length === right.rest.length &&
    isSameLine(left.first, right.first) &&
    left.rest.every((line, index) => isSameLine(line, right.rest[index]))
  );
}

function isSameLine(left: LoggedLine, right: LoggedLine | undefined): boolean {
  return (
    left.key === right?.key &&
    left.event === right.event &&
    left.at === right.at &&
    left.title === right.title &&
    left.test?.step === right.test?.step
  );
}
