import type { RunState, SessionEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { sessionLog } from "../../src/protocol/log-ranges.ts";
import type { Part } from "../live/part.ts";
import { LogFold } from "../playback/log-fold.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex, SessionIndex } from "../playback/run-index.ts";
import { type Conversation, UNKNOWN_TURN } from "./entry.ts";
import { type Beginning, conversationFrom, conversationStep, emptyConversation } from "./fold.ts";
import type { SessionTable } from "./session-table.ts";
import { type FirstEntry, keepSame, newestTurns, type SessionWindow, type ShownTurn } from "./turns.ts";
import { chooseSessions, type Reach, windowFrom } from "./window.ts";

export interface ConversationView {
  readonly turns: readonly ShownTurn[];
  readonly hasEarlier: boolean;
  /** Where each session's window begins. */
  readonly starts: ReadonlyMap<string, number>;
  /** How far each session had come: another text when there is news. */
  readonly reached: string;
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
/** Sessions whose newest words are shown before their outlines are there. */
const MOST_PROVISIONAL = 8;
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
    const parts: Part[] = [];
    const reaches = reachesAt(question, parts);
    if (reaches === null) return { value: this.#provisional(question), isReady: false, parts };
    const { chosen, leftOutAt } = chooseSessions(reaches, question.portions);
    const windows = chosen.map((reach) => this.#window(question, reach, parts));
    if (parts.some((part) => !isHeld(question.run, part))) {
      return { value: this.#provisional(question), isReady: false, parts };
    }
    for (const { id, known } of chosen)
      parts.push({ log: sessionLog(id), from: known, to: known + (question.ahead ?? 0) });
    const made = windows.filter((window) => window !== null);
    return { value: this.#view(question, made, leftOutAt), isReady: made.length === windows.length, parts };
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
    const reached = windows.map(({ id, known }) => `${id}:${known}`).join(" ");
    const starts = new Map(windows.map(({ from, id }) => [id, from]));
    const isSame =
      last !== null &&
      last.turns === same &&
      last.hasEarlier === hasEarlier &&
      sameStarts(last.starts, starts);
    this.#last = isSame ? last : { turns: same, hasEarlier, starts, reached };
    return this.#last;
  }

  /** Adds the parts that the window rests on; null while one of them is not held. */
  #window({ hold, index, portions, run }: Question, reach: Reach, parts: Part[]): SessionWindow | null {
    const { begunAt, id, known, table } = reach;
    const events = run.sessions[id]?.events;
    if (events === undefined) return null;
    const wanted = windowFrom(reach, portions);
    const held = hold?.starts.get(id);
    const stays = held !== undefined && held < wanted && known - held <= LONGEST_HOLD;
    const from = stays ? held : wanted;
    const part = { log: sessionLog(id), from, to: known };
    parts.push(part);
    const context = table.contextAt(from);
    if (!events.holds(from, known)) return null;
    const fold = this.#fold(id, { table, isExact: true, from }, () =>
      from === 0
        ? emptyConversation(begunAt)
        : conversationFrom({
            ...context,
            begunAt,
            at: Math.max(0, index.session(id).times.beforePage(from)),
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

/** How far each session that had begun had come; null while that is not known. */
function reachesAt({ at, index, run }: Question, parts: Part[]): Reach[] | null {
  const reaches: Reach[] = [];
  let isKnown = true;
  for (const { id } of Object.values(run.sessions)) {
    const session = index.session(id);
    const known = session.isWhole ? session.times.knownAt(at) : undefined;
    if (known === undefined) {
      isKnown = false;
      if (session.times.isExact) parts.push(aroundPage(session, id, at));
    } else if (known > 0) {
      const begunAt = begunAtOf(session, id, known, parts);
      if (begunAt === null) isKnown = false;
      else reaches.push({ id, table: session.table, known, begunAt });
    }
  }
  return isKnown ? reaches : null;
}

/** What was said before the first prompt carries the time of the first line; nobody else needs it. */
function begunAtOf({ table, times }: SessionIndex, id: string, known: number, parts: Part[]): number | null {
  const at = times.at(0);
  if (at !== undefined) return Math.max(0, at);
  const first = table.turnLine(0);
  if (first <= Log.PAGE && first < known) return 0;
  parts.push({ log: sessionLog(id), from: 0, to: Log.PAGE });
  return null;
}

/** The page in which the known lines end, and what a window that ends there will need. */
function aroundPage({ times }: SessionIndex, id: string, at: number): Part {
  const page = times.pageAt(at) * Log.PAGE;
  return { log: sessionLog(id), from: Math.max(0, page - 6 * Log.PAGE), to: page + Log.PAGE };
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

function isHeld(run: RunState, { from, log, to }: Part): boolean {
  const id = log.slice("sessions/".length);
  return run.sessions[id]?.events.holds(from, to) ?? true;
}

function sameStarts(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  return left.size === right.size && [...left].every(([id, from]) => right.get(id) === from);
}
