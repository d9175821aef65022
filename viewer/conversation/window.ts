import { newestFirst } from "../playback/newest-first.ts";
import type { SessionTable } from "../playback/session-table.ts";

/**
 * Which part of each session a conversation is made of. It follows from the
 * outlines and from how far each session had come, never from what is held.
 */

/** A session that had begun at the moment asked for, or may have. */
export interface Candidate {
  readonly id: string;
  readonly table: SessionTable;
  /** How many turns and tool calls had begun. */
  readonly turns: number;
  readonly tools: number;
  /** Where no turn had begun: when its first line was written. */
  readonly begunAt: number;
  /** Else its first page has to be read: it began at `begunAt` or before, or had not begun at all. */
  readonly isCertain: boolean;
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

/** The first line of the window of a session of which `known` lines were known, for so many portions. */
export function windowFrom(table: SessionTable, known: number, portions: number): number {
  const mark = table.markBefore(known, FIRST_MARKS + MORE_MARKS * (portions - 1));
  const wanted = Math.min(known - LEAST_LINES * portions, mark);
  const from = Math.max(0, wanted, known - MOST_LINES * portions);
  return Math.floor(from / STEP_LINES) * STEP_LINES;
}

interface Choice {
  readonly chosen: readonly Candidate[];
  /** When the newest turn of a session that was left out began. */
  readonly leftOutAt: number;
  /** These may change the choice, and have to be certain before it stands. */
  readonly uncertain: readonly Candidate[];
}

/** The sessions whose turns are the newest. */
export function chooseSessions(candidates: readonly Candidate[], portions: number): Choice {
  const lists = candidates.map((candidate) => ({
    length: Math.max(1, candidate.turns),
    timeAt: (turn: number) => turnAt(candidate, turn),
  }));
  const chosen = new Set<Candidate>();
  let marks = 0;
  for (const { index, list } of newestFirst(lists)) {
    if (marks >= CHOICE_MARKS * portions) break;
    const candidate = candidates[list];
    if (candidate?.isCertain !== true) continue;
    chosen.add(candidate);
    marks += 1 + toolsOfTurn(candidate, index);
  }
  const leftOut = candidates.filter((candidate) => !chosen.has(candidate));
  const newestAt = (candidate: Candidate) => turnAt(candidate, candidate.turns - 1);
  const leftOutAt = leftOut
    .filter(({ isCertain }) => isCertain)
    .reduce((newest, candidate) => Math.max(newest, newestAt(candidate)), Number.NEGATIVE_INFINITY);
  return {
    chosen: candidates.filter((candidate) => chosen.has(candidate)),
    leftOutAt,
    // One that began before the newest that is left out is left out too, whenever it began.
    uncertain: leftOut.filter((candidate) => !candidate.isCertain && newestAt(candidate) >= leftOutAt),
  };
}

function turnAt({ begunAt, table, turns }: Candidate, turn: number): number {
  return turns === 0 ? begunAt : table.turnTime(turn);
}

function toolsOfTurn({ table, tools }: Candidate, turn: number): number {
  const before = (line: number) => Math.min(tools, table.toolsBefore(line));
  return before(table.turnLine(turn + 1)) - before(table.turnLine(turn));
}
