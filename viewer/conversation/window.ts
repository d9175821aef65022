import { newestFirst } from "../playback/newest-first.ts";
import type { Conversation, Turn } from "./entry.ts";

/** A turn, or the later part of one: entries `from` up to `to` of a session. */
export interface TurnWindow {
  readonly sessionId: string;
  readonly turn: Turn;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

interface ConversationWindow {
  readonly turns: readonly TurnWindow[];
  readonly hasEarlier: boolean;
}

/** The newest `limit` entries of all sessions, as turns in the order of their start. */
export function newestTurns(
  sessions: readonly { readonly id: string; readonly conversation: Conversation }[],
  limit: number,
): ConversationWindow {
  const turns: TurnWindow[] = [];
  let room = limit;
  const lists = sessions.map(({ conversation }) => ({
    length: conversation.turns.length,
    timeAt: (index: number) => conversation.turns.at(index)?.at ?? 0,
  }));
  for (const { list, index } of newestFirst(lists)) {
    const session = sessions[list];
    const turn = session?.conversation.turns.at(index);
    if (session === undefined || turn === undefined) continue;
    if (room <= 0) return { turns, hasEarlier: true };
    const { entries, turns: all } = session.conversation;
    const to = all.at(index + 1)?.from ?? entries.length;
    const from = Math.max(turn.from, to - room);
    turns.unshift({ sessionId: session.id, turn, index, from, to });
    room -= to - from;
    if (from > turn.from) return { turns, hasEarlier: true };
  }
  return { turns, hasEarlier: false };
}
