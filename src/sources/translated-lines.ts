import type { SessionEvent, TraceEvent } from "../protocol/bundle.ts";
import { SessionEvent as SessionEventSchema, TraceEvent as TraceEventSchema } from "../protocol/bundle.ts";
import { sessionRows, shortId, traceRows } from "../protocol/outline.ts";
import { isHeartbeat } from "../protocol/quiet.ts";
import { noted, saidIn } from "../protocol/said.ts";
import type { LineKind } from "./paged-lines.ts";

/** What the lines of translated logs are. They are made here, so none need be skimmed. */

export const traceLines: LineKind<TraceEvent> = {
  schema: TraceEventSchema,
  stampOf: (event) => event.at,
  rowsOf: traceRows,
  saidIn: noted,
  attemptOf: ({ attemptId }) => shortId(attemptId),
  isHeartbeat,
  skim: () => null,
};

export const talkLines: LineKind<SessionEvent> = {
  schema: SessionEventSchema,
  stampOf: (event) => event.at,
  rowsOf: sessionRows,
  saidIn,
  isHeartbeat: () => false,
  skim: () => null,
};
