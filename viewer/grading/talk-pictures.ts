import type { RunState, SessionEvent } from "../../src/protocol/bundle.ts";
import { sessionLog } from "../../src/protocol/log-ranges.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import type { Conversation, Entry } from "../conversation/entry.ts";
import { conversationStep, emptyConversation } from "../conversation/fold.ts";
import { firstWhere } from "../playback/columns.ts";
import { LogFold } from "../playback/log-fold.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";

/** What was said in one test, from its beginning on. */
export interface TalkView {
  /** The line of the trace that the attempt began with. */
  readonly attempt: number;
  readonly turns: readonly TalkTurn[];
  /** So many entries stand before these. */
  readonly before: number;
  /** More was said than is told here. */
  readonly isMore: boolean;
}

/** What follows one prompt. */
interface TalkTurn {
  readonly sessionId: string;
  /** From 1. */
  readonly number: number;
  readonly entries: readonly Entry[];
}

interface Question {
  readonly run: RunState;
  readonly index: RunIndex;
  /** The test's place in the step table. */
  readonly step: number;
  /** Infinity is the live edge. */
  readonly at: number;
  /** A line of the session that somebody looks for: where it stands far on, it begins a little before that. */
  readonly around: number | null;
  /** So many entries at most. */
  readonly entries: number;
  /** So many lines are looked through for them. */
  readonly lines: number;
}

/** So many entries are drawn before one that is looked for. */
const LEAD = 20;
/** What stands no further on than this is drawn from the beginning. */
const NEAR = 100;

/** Makes the pictures of what was said in the tests of a run, and remembers of the last what makes the next one cheap. */
export class TalkPictures {
  #last: { readonly index: RunIndex; readonly fold: LogFold<SessionEvent, Conversation> } | null = null;

  at({ around, at, entries: most, index, lines, run, step }: Question): Picture<TalkView> {
    const { table } = index.trace;
    const attempt = table.lineOf(step);
    const talk = table.tests.talkBy(step, at);
    const events = run.sessions[TESTS_SESSION]?.events;
    if (talk === null || events === undefined)
      return { value: { attempt, turns: [], before: 0, isMore: false }, isReady: true, parts: [] };
    const [from, end] = talk;
    const wanted = Math.min(end, from + lines, events.length);
    const parts = [{ log: sessionLog(TESTS_SESSION), from, to: wanted }];
    if (!events.holds(from, wanted)) return { value: null, isReady: false, parts };

    const { times } = index.session(TESTS_SESSION);
    let to = wanted;
    while (to > from && (times.at(to - 1) ?? at) > at) to -= 1;
    const { entries, turns } = this.#fold(index, from, times.at(from) ?? 0).at(events, to);
    const first = around === null ? 0 : beginning(entries, around);
    const last = Math.min(entries.length, first + most);
    const shown = [...turns].map((turn, place) => ({
      sessionId: TESTS_SESSION,
      number: place + 1,
      entries: entries.slice(
        Math.max(first, turn.from),
        Math.min(last, turns.at(place + 1)?.from ?? entries.length),
      ),
    }));
    const value = {
      attempt,
      turns: shown.filter((turn) => turn.entries.length > 0),
      before: first,
      isMore: to < end || entries.length > last,
    };
    return { value, isReady: true, parts };
  }

  #fold(index: RunIndex, from: number, begunAt: number): LogFold<SessionEvent, Conversation> {
    const last = this.#last;
    if (last !== null && last.index === index && last.fold.from === from) return last.fold;
    const fold = new LogFold<SessionEvent, Conversation>(from, emptyConversation(begunAt), conversationStep);
    this.#last = { index, fold };
    return fold;
  }
}

function beginning(entries: Conversation["entries"], line: number): number {
  const place = firstWhere(entries.length, (index) => (entries.at(index)?.line ?? 0) > line) - 1;
  return place > NEAR ? place - LEAD : 0;
}
