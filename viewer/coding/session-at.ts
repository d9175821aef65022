import type { RunState } from "../../src/protocol/bundle.ts";
import type { PlanLimit } from "../../src/protocol/plan-limit.ts";
import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import type { Agent } from "../playback/agent-table.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { UsagePart } from "../playback/usage-table.ts";

/** What a coding session as a whole had come to at a moment. */
export interface SessionFigures {
  readonly usage: Usage;
  /** What its files tell of once more: it counts in the session that it was copied from. */
  readonly repeated: Usage;
  /** That answered last in the conversation with the person. */
  readonly model: string | null;
  /** More of it may be read: the server is not as far as that moment. */
  readonly isPartial: boolean;
}

/** Null while that is not known. */
export function sessionFigures(index: RunIndex, at: number): SessionFigures | null {
  if (!index.trace.isWhole) return null;
  const { usage } = index.trace.table;
  return {
    usage: usage.by(at),
    repeated: usage.repeatedBy(at),
    model: usage.modelBy(at, MAIN_SESSION),
    isPartial: !index.isReadTo(at),
  };
}

export interface SessionPart extends UsagePart {
  /** Null: the conversation with the person. */
  readonly agent: Agent | null;
}

export interface SessionFacts extends SessionFigures {
  readonly models: readonly UsagePart[];
  readonly sessions: readonly SessionPart[];
  readonly project: string | null;
  /** As the files told of them last, if that was known by then: what they said before is not kept. */
  readonly limits: readonly PlanLimit[];
}

export function sessionFacts(run: RunState, index: RunIndex, at: number): SessionFacts | null {
  const figures = sessionFigures(index, at);
  if (figures === null) return null;
  const { agents, usage } = index.trace.table;
  return {
    ...figures,
    models: usage.parts("model", at),
    sessions: usage.parts("session", at).map((part) => ({ ...part, agent: agents.ofSession(part.name, at) })),
    project: run.project ?? null,
    limits: (run.planLimits ?? []).filter((limit) => limit.at <= at),
  };
}
