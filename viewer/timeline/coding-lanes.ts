import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { StepTable } from "../playback/step-table.ts";
import type { RecordedLane } from "./axis.ts";
import { pack, type Spans } from "./packing.ts";
import { type Label, type LastEnd, stepLabel, stepSpans, ToolSpans } from "./spans.ts";

/** Turns come one after the other, but one that was left without an end goes on beside the next. */
const MOST_TURN_LANES = 2;
const MOST_TOOL_LANES = 3;
/** So many subagents have lanes of their own; more of them share these. */
const MOST_AGENTS = 8;
const MOST_SHARED_TOOL_LANES = 2;

/** The calls of each group of sessions, carried on while they grow. */
let kept: { readonly of: RunIndex; readonly tools: Map<string, ToolSpans> } | null = null;

/**
 * The lanes of a coding session: its turns, what was called in the conversation with the person, and below
 * that each subagent with its own calls.
 */
export function codingLanes(index: RunIndex): { lanes: RecordedLane[]; stepLanes: number } {
  if (kept?.of !== index) kept = { of: index, tools: new Map() };
  const { tools } = kept;
  const { table } = index.trace;
  const callsOf = (name: string, sessions: readonly string[], most: number): RecordedLane[] => {
    const spans = tools.get(name) ?? new ToolSpans();
    tools.set(name, spans);
    const lastEnd: LastEnd = (session, start) => lastEndOf(table, sessions[session] ?? "", start);
    spans.update(
      sessions.map((id) => index.session(id).table),
      lastEnd,
    );
    return pack(spans, most).map((packed) => ({
      packed,
      spans,
      labelOf: (call, at) => spans.label(call, at),
    }));
  };
  const turns = stepSpans(table);
  const turnLanes = pack(turns, MOST_TURN_LANES).map((packed) => ({
    packed,
    spans: turns,
    labelOf: (step: number) => stepLabel(table, step),
  }));
  const agents = table.agents.by(Number.POSITIVE_INFINITY);
  const own = agents.length <= MOST_AGENTS;
  const agentLanes = own
    ? agents.flatMap((agent) => [...agentLane([agent], 1), ...callsOf(agent.session, [agent.session], 1)])
    : [
        ...agentLane(agents, MOST_AGENTS),
        ...callsOf(
          "",
          agents.map(({ session }) => session),
          MOST_SHARED_TOOL_LANES,
        ),
      ];
  return {
    lanes: [...turnLanes, ...callsOf(MAIN_SESSION, [MAIN_SESSION], MOST_TOOL_LANES), ...agentLanes],
    stepLanes: turnLanes.length,
  };
}

/** Nobody waits for a result once the turn is over that asked for it, or the subagent. */
function lastEndOf(table: StepTable, session: string, start: number): number {
  if (session !== MAIN_SESSION) {
    const endedAt = table.agents.ofSession(session, Number.POSITIVE_INFINITY)?.endedAt ?? null;
    return endedAt === null || endedAt < start ? Number.POSITIVE_INFINITY : endedAt;
  }
  const turn = table.begunBy(start) - 1;
  const { ends } = table.spans;
  const end = turn < 0 ? Number.NEGATIVE_INFINITY : ends[turn]!;
  // One that was made between two turns is over when the next begins.
  return end >= start ? end : (table.startOf(turn + 1) ?? Number.POSITIVE_INFINITY);
}

type Working = ReturnType<RunIndex["trace"]["table"]["agents"]["by"]>;

function agentLane(agents: Working, most: number): RecordedLane[] {
  const spans: Spans = {
    count: agents.length,
    starts: Float64Array.from(agents, ({ startedAt }) => startedAt),
    ends: Float64Array.from(agents, ({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY),
    isFailed: () => false,
  };
  const labelOf = (place: number): Label => {
    const { name = "", number = 0 } = agents[place] ?? {};
    return { kind: "agent-bar", text: name === "" ? `Subagent ${number}` : name, attempt: 1 };
  };
  return pack(spans, most).map((packed) => ({ packed, spans, labelOf }));
}
