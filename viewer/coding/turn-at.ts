import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import type { Agent } from "../playback/agent-table.ts";
import type { SessionSign } from "../playback/mark-table.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { StepTable } from "../playback/step-table.ts";
import type { UsagePart } from "../playback/usage-table.ts";
import { type ToolSum, toolSums } from "./calls.ts";

/** What one turn had come to at a moment, beside how it stands. */
export interface TurnFigures {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  readonly usage: Usage;
  /** Of the session itself, without those of subagents; null while that is not known. */
  readonly calls: { readonly count: number; readonly failed: number } | null;
  /** Subagents that it started. */
  readonly agents: number;
}

export function turnFigures(index: RunIndex, step: number, at: number): TurnFigures {
  const { table } = index.trace;
  const tools = toolsOf(index, step, at);
  return {
    number: turnNumber(table, step),
    title: table.turnTitle(step) ?? "",
    usage: table.usage.ofAttempt(turnId(table, step), at),
    calls:
      tools === null
        ? null
        : {
            count: tools.reduce((sum, { count }) => sum + count, 0),
            failed: tools.reduce((sum, { failed }) => sum + failed, 0),
          },
    agents: agentsOf(table, step, at).length,
  };
}

/** All that is told of one turn. */
export interface TurnDetails extends TurnFigures {
  readonly models: readonly UsagePart[];
  readonly tools: readonly ToolSum[] | null;
  readonly marks: readonly SessionSign[];
  readonly started: readonly Agent[];
}

export function turnDetails(index: RunIndex, step: number, at: number): TurnDetails {
  const { table } = index.trace;
  const id = turnId(table, step);
  return {
    ...turnFigures(index, step, at),
    models: table.usage.parts("model", at, id),
    tools: toolsOf(index, step, at),
    // What is marked between two turns stands with the one before it.
    marks: table.marks
      .by(at)
      .filter((sign) =>
        sign.attempt === null ? table.attemptBefore(sign.line) === step : sign.attempt === id,
      ),
    started: agentsOf(table, step, at),
  };
}

/** As the lines of the trace name it. */
function turnId(table: StepTable, step: number): string {
  const { nodeId, number } = table.name(step);
  return `${nodeId}#${number}`;
}

/** "turn-7" is the seventh. */
function turnNumber(table: StepTable, step: number): number {
  return Number(/(\d+)$/.exec(table.name(step).nodeId)?.[1] ?? step + 1);
}

/** Turns come one after the other: what is called is called in the newest one. */
function toolsOf(index: RunIndex, step: number, at: number): ToolSum[] | null {
  const { table } = index.trace;
  const session = index.session(MAIN_SESSION);
  if (!session.isWhole && session.times.length > 0) return null;
  const from = table.startOf(step) ?? 0;
  const next = table.startOf(step + 1);
  // Where the next turn began is not read yet: its calls are not this one's.
  if (next === null && !index.isRead) return null;
  const until = next ?? Number.POSITIVE_INFINITY;
  return toolSums(session.table, { from, until, at });
}

function agentsOf(table: StepTable, step: number, at: number): Agent[] {
  return table.agents.by(at).filter(({ line }) => table.attemptBefore(line) === step);
}
