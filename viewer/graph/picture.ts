import { attemptAt, type RunView, type StepsView } from "../playback/as-of.ts";
import { NOWHERE } from "../playback/columns.ts";
import type { Picture } from "../playback/picture.ts";
import { isMoving } from "../playback/run-clock.ts";
import { isFailure } from "../timeline/spans.ts";
import type { Attempt } from "../playback/step-table.ts";
import type { FlowGraph } from "./flow-graph.ts";
import { walkOf } from "./walk.ts";

/** How a node stands as of the playhead. `unknown`: what came before the held steps is not known yet. */
export type NodeState =
  | "unknown"
  | "not_reached"
  | "current"
  | "waiting"
  | "visited"
  | "failed"
  | "interrupted"
  | "unfinished";

interface NodePicture {
  readonly state: NodeState;
  /** How many there were; null while that is not known. */
  readonly attempts: number | null;
  /** The one that the node's state and time are of: its newest, or the one that still runs. */
  readonly attempt: Attempt | null;
}

interface EdgePicture {
  readonly isTaken: boolean;
  /** How often; null while that is not known. */
  readonly count: number | null;
  /** The newest attempt was reached by it. */
  readonly isNewest: boolean;
}

export interface GraphPicture {
  /** In the order of the graph's. */
  readonly nodes: readonly NodePicture[];
  readonly edges: readonly EdgePicture[];
}

/**
 * The graph as of a moment. It rests on the step table alone, which names no
 * parts: until the older steps are known it says what the newer ones say.
 */
export function graphPicture(graph: FlowGraph, view: RunView): Picture<GraphPicture> {
  const { steps } = view;
  if (steps.extent === "none") return { value: null, isReady: false, parts: NO_PARTS };
  const isWhole = steps.extent === "all";
  const walk = walkOf(graph, steps.table);
  const walked = walk.at(steps.count);
  const running = runningNode(graph, steps);
  const waiting = waitingNode(graph, view, walk.nodeOf(steps.count - 1));
  const newestEdge = walk.edgeTo(steps.count - 1);
  const nodes = graph.nodes.map((_, node): NodePicture => {
    const newest = walked.newest[node] ?? NOWHERE;
    const isReached = newest !== NOWHERE;
    const shown = running?.node === node ? running.attempt : newest;
    const attempt = isReached ? attemptAt(steps, shown) : null;
    return {
      state: waiting === node ? "waiting" : stateOf(attempt, isWhole, isMoving(view.status)),
      attempts: isWhole ? (walked.attempts[node] ?? 0) : null,
      attempt,
    };
  });
  const edges = Array.from(walked.taken, (count, edge) => ({
    isTaken: count > 0,
    count: isWhole ? count : null,
    isNewest: edge === newestEdge,
  }));
  return { value: { nodes, edges }, isReady: isWhole, parts: NO_PARTS };
}

const NO_PARTS = [] as const;

function stateOf(attempt: Attempt | null, isWhole: boolean, moving: boolean): NodeState {
  if (attempt === null) return isWhole ? "not_reached" : "unknown";
  if (attempt.finishedAt === null) return moving ? "current" : "unfinished";
  if (attempt.outcome === "interrupted") return "interrupted";
  return isFailure(attempt.outcome) ? "failed" : "visited";
}

function runningNode(graph: FlowGraph, steps: StepsView): { node: number; attempt: number } | null {
  const attempt = steps.endedAt === null ? steps.table.runningAt(steps.at) : null;
  if (attempt === null) return null;
  const node = graph.indexOf.get(steps.table.name(attempt).nodeId);
  return node === undefined ? null : { node, attempt };
}

/** Where a run waits for someone. Only the live edge knows of that. */
function waitingNode(graph: FlowGraph, view: RunView, last: number | null): number | null {
  if (view.status !== "waiting") return null;
  return view.currentNode === null ? last : (graph.indexOf.get(view.currentNode) ?? null);
}
