import { sameJson } from "../../src/protocol/patch.ts";
import { newestFirst } from "../playback/newest-first.ts";
import type { Conversation, Entry } from "./entry.ts";

/** A turn as it is drawn, or the later part of one. */
export interface ShownTurn {
  readonly sessionId: string;
  /** The line that names it within its session. */
  readonly line: number;
  readonly at: number;
  readonly entries: readonly Entry[];
  /** The first entry is only the rest of what was said. */
  readonly isCut: boolean;
  /** Nothing of its session comes after it. */
  readonly isNewest: boolean;
  /** The agent still has to answer. */
  readonly isAsked: boolean;
}

/** A session's conversation from line `from` on. */
export interface SessionWindow {
  readonly id: string;
  readonly from: number;
  /** How many of its lines were known. */
  readonly known: number;
  readonly conversation: Conversation;
}

/** The first entry shown, while it is to stay the first. */
export interface FirstEntry {
  readonly sessionId: string;
  readonly line: number;
}

interface Bounds {
  /** Entries drawn at most. */
  readonly limit: number;
  /** Turns from before this are left out: others of that time are not in the windows. */
  readonly notBefore: number;
  readonly first: FirstEntry | null;
}

interface Turns {
  readonly turns: readonly ShownTurn[];
  readonly hasEarlier: boolean;
}

/** With fewer whole entries than this, the rest of a cut one is drawn too. */
const FEW = 20;
/** However long a reader stays, no more entries are drawn. */
const MOST_ENTRIES = 4000;

/** The newest entries of all sessions, as turns in the order of their start. */
export function newestTurns(sessions: readonly SessionWindow[], bounds: Bounds): Turns {
  const found: ShownTurn[] = [];
  let room = bounds.first === null ? bounds.limit : MOST_ENTRIES;
  const lists = sessions.map(({ conversation }) => ({
    length: conversation.turns.length,
    timeAt: (index: number) => conversation.turns.at(index)?.at ?? 0,
  }));
  const earlier = () => ({ turns: found.toReversed(), hasEarlier: true });
  for (const { index, list } of newestFirst(lists)) {
    const session = sessions[list];
    const turn = session?.conversation.turns.at(index);
    if (session === undefined || turn === undefined) continue;
    if (room <= 0 || turn.at < bounds.notBefore) return earlier();
    const { entries, head, request, turns } = session.conversation;
    const to = turns.at(index + 1)?.from ?? entries.length;
    const isCut = head === "cut" && turn.from === 0;
    const hidden = isCut && entries.length > FEW ? 1 : 0;
    const held = placeOf(session, turn.from, to, bounds.first);
    const from = Math.max(turn.from + hidden, held ?? to - room);
    if (from < to) {
      const isNewest = index === turns.length - 1;
      found.push({
        sessionId: session.id,
        line: turn.line,
        at: turn.at,
        entries: entries.slice(from, to),
        isCut: isCut && from === 0,
        isNewest,
        isAsked: isNewest && request.kind === "prompt",
      });
      room -= to - from;
    }
    // Before a window's first turn the others may have said something that would stand above it.
    if (from > turn.from + hidden || (index === 0 && session.from > 0)) return earlier();
    if (held !== null) room = 0;
  }
  const hasEarlier = bounds.notBefore > Number.NEGATIVE_INFINITY;
  return { turns: found.toReversed(), hasEarlier };
}

function placeOf(
  { conversation, id }: SessionWindow,
  from: number,
  to: number,
  first: FirstEntry | null,
): number | null {
  if (first === null || first.sessionId !== id) return null;
  for (let index = from; index < to; index += 1)
    if (conversation.entries.at(index)?.line === first.line) return index;
  return null;
}

/** The same turns, with those of before wherever they are equal: what did not change is the same object. */
export function keepSame(before: readonly ShownTurn[], after: readonly ShownTurn[]): readonly ShownTurn[] {
  const known = new Map(before.map((turn) => [`${turn.sessionId}/${turn.line}`, turn]));
  const turns = after.map((turn) => {
    const old = known.get(`${turn.sessionId}/${turn.line}`);
    return old === undefined
      ? turn
      : sameTurn(old, { ...turn, entries: sameEntries(old.entries, turn.entries) });
  });
  return sameItems(before, turns) ? before : turns;
}

function sameTurn(old: ShownTurn, turn: ShownTurn): ShownTurn {
  const isSame =
    old.at === turn.at &&
    old.entries === turn.entries &&
    old.isCut === turn.isCut &&
    old.isNewest === turn.isNewest &&
    old.isAsked === turn.isAsked;
  return isSame ? old : turn;
}

function sameEntries(before: readonly Entry[], after: readonly Entry[]): readonly Entry[] {
  const known = new Map(before.map((entry) => [entry.line, entry]));
  const entries = after.map((entry) => {
    const old = known.get(entry.line);
    return old !== undefined && sameJson(old, entry) ? old : entry;
  });
  return sameItems(before, entries) ? before : entries;
}

function sameItems<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
