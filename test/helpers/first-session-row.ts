import type { SessionEvent } from "../../src/protocol/bundle.ts";
import { type SessionRow, sessionRows } from "../../src/protocol/outline.ts";

/** Of a line that says one thing, as those of ACP do. */
export function firstSessionRow(event: SessionEvent, line: number, at: number): SessionRow | null {
  return sessionRows(event, line, at)[0] ?? null;
}
