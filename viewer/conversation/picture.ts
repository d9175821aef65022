import type { RunState, SessionEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { sessionLog } from "../../src/protocol/log-ranges.ts";
import type { Part } from "../live/part.ts";
import { LogFold } from "../playback/log-fold.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { type Conversation, UNKNOWN_TURN } from "./entry.ts";
import { type Beginning, conversationFrom, conversationStep, emptyConversation } from "./fold.ts";
import type { SessionTable } from "../playback/session-table.ts";
import { type FirstEntry, keepSame, newestTurns, type SessionWindow, type ShownTurn } from "./turns.ts";
import { type Candidate, chooseSessions, windowFrom } from "./window.ts";

export interface ConversationView {
  readonly turns: readonly ShownTurn[];
  readonly hasEarlier: boolean;
  /** Where each session's window begins. */
  readonly starts: ReadonlyMap<string, number>;
}

/** What a reader who scrolled up has before them: it stays where it is while more comes in below. */
export interface Hold {
  readonly first: FirstEntry | null;
  readonly starts: ReadonlyMap<string, number>;
}

export interface Question {
  readonly run: RunState;
  readonly index: RunIndex;
  /** Infinity is the live edge. */
  readonly at: number;
  /** How often earlier entries were asked for, and once more. */
  readonly portions: number;
  readonly hold: Hold | null;
  /** So many lines more are asked for, though nothing waits for them: they will be wanted next. */
  readonly ahead?: number;
}

const PORTION = 100;
/** A reader who stays longer than this is let go: nobody reads so much, and all of it would have to be held. */
const LONGEST_HOLD = 16_384;
/** Sessions whose newest words are shown, or asked for, before the outlines are there. */
const MOST_PROVISIONAL = 8;
/** Lines of a session that are asked for by then. */
const GUESSED_LINES = 6 * Log.PAGE;
/** Folds kept of each session: who scrubs to and fro comes back to a few windows. */
const FOLDS = 3;

interface Fold {
  readonly table: SessionTable;
  /** Was it begun with all that the outline tells? */
  readonly isExact: boolean;
  readonly fold: LogFold<SessionEvent, Conversation>;
}

/** Makes the pictures of one run's conversation, and remembers of them what makes the next one cheap. */
export class ConversationPictures {
  readonly #folds = new Map<string, Fold[]>();
  #last: ConversationView | null = null;
  #index: RunIndex | null = null;

  at(question: Question): Picture<ConversationView> {
    if (this.#index !== question.index) this.#folds.clear();
    this.#index = question.index;
    const candidates = candidatesAt(question);
    if (candidates === null)
      return { value: this.#provisional(question), isReady: false, parts: guessedParts(question) };
    const { chosen, leftOutAt, uncertain } = chooseSessions(candidates, question.portions);
    const parts = uncertain.map(({ id }) => firstPage(id));
    const windows = chosen
      .map((candidate) => this.#window(question, candidate, parts))
      .filter((window) => window !== null);
    if (uncertain.length > 0 || windows.length < chosen.length)
      return { value: this.#provisional(question), isReady: false, parts };
    for (const { id, known } of windows)
      parts.push({ log: sessionLog(id), from: known, to: known + (question.ahead ?? 0) });
    return { value: this.#view(question, windows, leftOutAt), isReady: true, parts };
  }

  #view(
    { hold, portions }: Question,
    windows: readonly SessionWindow[],
    notBefore: number,
  ): ConversationView {
    const { hasEarlier, turns } = newestTurns(windows, {
      limit: PORTION * portions,
      notBefore,
      first: hold?.first ?? null,
    });
    const last = this.#last;
    const same = keepSame(last?.turns ?? [], turns);
    const starts = new Map(windows.map(({ from, id }) => [id, from]));
    const isSame =
      last !== null &&
      last.turns === same &&
      last.hasEarlier === hasEarlier &&
      sameStarts(last.starts, starts);
    this.#last = isSame ? last : { turns: same, hasEarlier, starts };
    return this.#last;
  }

  /** Adds the parts that the window rests on; null while one of them is not held. */
  #window(
    { at, hold, index, portions, run }: Question,
    { id, table }: Candidate,
    parts: Part[],
  ): SessionWindow | null {
    const events = run.sessions[id]?.events;
    const { times } = index.session(id);
    const known = times.knownAt(at);
    if (events === undefined) return null;
    if (known === undefined) {
      // The page where the known lines end is not held. The window begins no earlier than one that ends with it.
      const page = times.pageAt(at) * Log.PAGE;
      parts.push({ log: sessionLog(id), from: windowFrom(table, page, portions), to: page + Log.PAGE });
      return null;
    }
    const wanted = windowFrom(table, known, portions);
    const held = hold?.starts.get(id);
    const stays = held !== undefined && held < wanted && known - held <= LONGEST_HOLD;
    const from = stays ? held : wanted;
    parts.push({ log: sessionLog(id), from, to: known });
    const context = table.contextAt(from);
    // What was said before the first prompt carries the time of the first line; nobody else needs it.
    const begunAt = context.turn === null ? times.at(0) : 0;
    if (begunAt === undefined) parts.push(firstPage(id));
    if (begunAt === undefined || !events.holds(from, known)) return null;
    const begun = Math.max(0, begunAt);
    const fold = this.#fold(id, { table, isExact: true, from }, () =>
      from === 0
        ? emptyConversation(begun)
        : conversationFrom({
            ...context,
            begunAt: begun,
            at: Math.max(0, times.beforePage(from)),
            isEarlierCall: (call) => table.hasCall(call, from),
          }),
    );
    return { id, from, known, conversation: fold.at(events, known) };
  }

  /** At the live edge, until the outlines are there: what was said last, as far as it stands for itself. */
  #provisional({ at, index, run }: Question): ConversationView | null {
    if (at !== Number.POSITIVE_INFINITY) return null;
    const newest = Object.values(run.sessions)
      .filter(({ events }) => events.length > 0)
      .toSorted((left, right) => latestOf(index, right.id) - latestOf(index, left.id))
      .slice(0, MOST_PROVISIONAL);
    const windows = newest.map(({ events, id }): SessionWindow => {
      const session = index.session(id);
      const from = Math.max(session.times.from, events.heldFrom);
      const begunAt = Math.max(0, session.times.at(from) ?? 0);
      const fold = this.#fold(id, { table: session.table, isExact: false, from }, () =>
        from === 0 ? emptyConversation(begunAt) : conversationFrom(unknownBeginning(begunAt)),
      );
      return { id, from, known: events.length, conversation: fold.at(events, events.length) };
    });
    return windows.length === 0
      ? null
      : this.#view({ at, index, run, hold: null, portions: 1 }, windows, Number.NEGATIVE_INFINITY);
  }

  #fold(
    id: string,
    { from, isExact, table }: { from: number; isExact: boolean; table: SessionTable },
    begin: () => Conversation,
  ): LogFold<SessionEvent, Conversation> {
    const folds = this.#folds.get(id) ?? [];
    const known = folds.find(
      (each) => each.table === table && each.isExact === isExact && each.fold.from === from,
    );
    if (known !== undefined) return known.fold;
    const fold = new LogFold(from, begin(), conversationStep);
    this.#folds.set(id, [{ table, isExact, fold }, ...folds].slice(0, FOLDS));
    return fold;
  }
}

/**
 * The sessions that had begun, or may have: the outlines tell it, mostly, so no
 * page has to be read to choose among hundreds. Null while an outline is not there.
 */
function candidatesAt({ at, index, run }: Question): Candidate[] | null {
  const candidates: Candidate[] = [];
  for (const { events, id } of Object.values(run.sessions)) {
    const { isWhole, table, times } = index.session(id);
    if (!isWhole) return null;
    const turns = table.turnsBy(at);
    const first = times.at(0);
    const hasBegun = turns > 0 || first === undefined || first <= at;
    if (events.length === 0 || !hasBegun) continue;
    const latest = first ?? Math.min(at, times.beforePage(Log.PAGE));
    candidates.push({
      id,
      table,
      turns,
      tools: table.toolsBy(at),
      begunAt: Math.max(0, latest),
      isCertain: turns > 0 || first !== undefined,
    });
  }
  return candidates;
}

/** What will be needed, most likely: the words of the sessions that wrote last before the moment. */
function guessedParts({ at, index, run }: Question): Part[] {
  return Object.values(run.sessions)
    .filter(({ id }) => index.session(id).times.isExact)
    .map(({ id }) => {
      const { times } = index.session(id);
      const page = times.pageAt(at) * Log.PAGE;
      return { id, page, wroteAt: times.beforePage(page) };
    })
    .toSorted((left, right) => (left.wroteAt === right.wroteAt ? 0 : right.wroteAt - left.wroteAt))
    .slice(0, MOST_PROVISIONAL)
    .map(({ id, page }) => ({
      log: sessionLog(id),
      from: Math.max(0, page - GUESSED_LINES),
      to: page + Log.PAGE,
    }));
}

function firstPage(id: string): Part {
  return { log: sessionLog(id), from: 0, to: Log.PAGE };
}

function unknownBeginning(at: number): Beginning {
  return {
    turn: { line: UNKNOWN_TURN, at },
    request: { kind: "none" },
    hasPlan: true,
    at,
    begunAt: at,
    isEarlierCall: (_call, isNews) => isNews,
  };
}

function latestOf(index: RunIndex, id: string): number {
  return index.session(id).times.latest();
}

function sameStarts(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  return left.size === right.size && [...left].every(([id, from]) => right.get(id) === from);
}
