import { newestFirst } from "../playback/newest-first.ts";
import type { SessionTable } from "./session-table.ts";

/**
 * Which part of each session a conversation is made of. It follows from the
 * outlines and from how far each session had come, never from what is held.
 */

/** A session and how many of its lines were known. */
export interface Reach {
  readonly id: string;
  readonly table: SessionTable;
  readonly known: number;
  /** When its first line was written. */
  readonly begunAt: number;
}

/** A window begins at a multiple of this, so that it moves seldom. */
const STEP_LINES = 256;
const LEAST_LINES = 512;
const MOST_LINES = 2048;
/** It reaches back to so many turns and tool calls, if they lie within its bounds. */
const FIRST_MARKS = 20;
const MORE_MARKS = 200;
/** Sessions are taken in until their newest turns hold so many turns and tool calls. */
const CHOICE_MARKS = 40;

/** The first line of a session's window, for so many portions. */
export function windowFrom({ known, table }: Reach, portions: number): number {
  const mark = table.markBefore(known, FIRST_MARKS + MORE_MARKS * (portions - 1));
  const wanted = Math.min(known - LEAST_LINES * portions, mark);
  const from = Math.max(0, wanted, known - MOST_LINES * portions);
  return Math.floor(from / STEP_LINES) * STEP_LINES;
}

interface Choice {
  readonly chosen: readonly Reach[];
  /** When the newest turn of a session that was left out began. */
  readonly leftOutAt: number;
}

/** The sessions whose turns are the newest. */
export function chooseSessions(reaches: readonly Reach[], portions: number): Choice {
  const lists = reaches.map(({ begunAt, known, table }) => {
    const turns = table.turnsBefore(known);
    return {
      length: Math.max(1, turns),
      timeAt: (turn: number) => (turns === 0 ? begunAt : table.turnTime(turn)),
    };
  });
  const chosen = new Set<number>();
  let marks = 0;
  for (const { index, list } of newestFirst(lists)) {
    if (marks >= CHOICE_MARKS * portions) break;
    chosen.add(list);
    const reach = reaches[list];
    if (reach !== undefined) marks += 1 + toolsOfTurn(reach, index);
  }
  let leftOutAt = Number.NEGATIVE_INFINITY;
  for (const [index, list] of lists.entries())
    if (!chosen.has(index)) leftOutAt = Math.max(leftOutAt, list.timeAt(list.length - 1));
  return { chosen: reaches.filter((_, index) => chosen.has(index)), leftOutAt };
}

function toolsOfTurn({ known, table }: Reach, turn: number): number {
  const end = Math.min(known, table.turnLine(turn + 1));
  return table.toolsBefore(end) - table.toolsBefore(Math.min(end, table.turnLine(turn)));
}
