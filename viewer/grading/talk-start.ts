import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { sessionLog } from "../../src/protocol/log-ranges.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import type { Entry } from "../conversation/entry.ts";
import { conversationStep, emptyConversation } from "../conversation/fold.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";

/** What was said first in a test; nothing where nothing of it is known. */
export interface TalkStart {
  readonly entries: readonly Entry[];
  /** There is more of it than is told here. */
  readonly isMore: boolean;
}

const NOTHING: TalkStart = { entries: [], isMore: false };
const FIRST_LINES = Log.PAGE;
const FIRST_ENTRIES = 8;

export function talkStartAt(run: RunState, index: RunIndex, step: number, at: number): Picture<TalkStart> {
  const talk = index.trace.table.tests.talkBy(step, at);
  const events = run.sessions[TESTS_SESSION]?.events;
  if (talk === null || events === undefined) return { value: NOTHING, isReady: true, parts: [] };
  const from = talk[0];
  const to = Math.min(talk[1], from + FIRST_LINES, events.length);
  const parts = [{ log: sessionLog(TESTS_SESSION), from, to }];
  if (!events.holds(from, to)) return { value: null, isReady: false, parts };
  let said = emptyConversation(Date.parse(events.at(from)?.at ?? "") || 0);
  const { times } = index.session(TESTS_SESSION);
  for (const [line, event] of events.entries(from, to))
    if ((times.at(line) ?? at) <= at) said = conversationStep(said, event, line);
  const value = {
    entries: said.entries.slice(0, FIRST_ENTRIES),
    isMore: to < talk[1] || said.entries.length > FIRST_ENTRIES,
  };
  return { value, isReady: true, parts };
}
