import * as v from "valibot";
import { SessionEvent } from "../../protocol/bundle.ts";
import { sessionRows } from "../../protocol/outline.ts";
import { saidIn } from "../../protocol/said.ts";
import type { LineKind } from "../paged-lines.ts";
import type { CodingFormat } from "./format.ts";
import { SomeRecord } from "./record-lines.ts";

/** The lines of a session's log, each made of the record that stands on the same line of its file. */
export function sessionLines(format: CodingFormat): LineKind<SessionEvent> {
  return {
    schema: v.pipe(
      SomeRecord,
      v.transform((record) => ({ seq: 0, ...format.eventOf(record) })),
      SessionEvent,
    ),
    numbered: (event, line) => ({ ...event, seq: line + 1 }),
    stampOf: (event) => event.at,
    rowsOf: sessionRows,
    saidIn,
    isHeartbeat: () => false,
    skim: () => null,
  };
}
