import * as v from "valibot";
import type { Flow } from "../../src/protocol/bundle.ts";
import { fieldsOf, textOf } from "../playback/unknown.ts";
import { kindWord } from "../ui/kind-word.ts";

/** A flow's definition as a graph: the one place where its edges are read. */
export interface FlowGraph {
  /** The node that the flow starts at comes first, the others as the flow names them. */
  readonly nodes: readonly FlowNode[];
  /** No two lead from one node to the same other. */
  readonly edges: readonly FlowEdge[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Of a graph as large as this nothing can be seen; its steps are shown. */
  readonly isTooLarge: boolean;
}

export type NodeKind = "acp" | "action" | "compute" | "checkpoint" | "other";

export interface FlowNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** The kind in a reader's word. */
  readonly kindWord: string;
  readonly summary: string | null;
  readonly isStart: boolean;
  /** Nothing follows it. */
  readonly isEnd: boolean;
  /** What comes next depends on its outcome. */
  readonly isDecision: boolean;
}

interface FlowEdge {
  /** Places in `nodes`. */
  readonly from: number;
  readonly to: number;
  /** The cases that lead this way; empty for an edge without any. */
  readonly label: string;
}

const MOST_NODES = 2000;
const MOST_EDGES = 8000;

const PlainEdge = v.looseObject({ from: v.string(), to: v.string() });
const SwitchEdge = v.looseObject({
  from: v.string(),
  switch: v.looseObject({ cases: v.record(v.string(), v.unknown()) }),
});

interface Way {
  readonly from: string;
  readonly to: string;
  readonly value: string | null;
}

/** Edges of an unknown shape, and such that lead to or from no node, are left out. */
export function flowGraph(flow: Flow): FlowGraph {
  const entries = Object.entries(flow.nodes ?? {});
  const first = entries.findIndex(([id]) => id === flow.startAt);
  const [start] = first === -1 ? [] : entries.splice(first, 1);
  if (start !== undefined) entries.unshift(start);
  const indexOf = new Map(entries.map(([id], index) => [id, index]));

  const cases = new Map<number, { from: number; to: number; values: string[] }>();
  const decisions = new Set<number>();
  for (const { from, to, value } of (flow.edges ?? []).flatMap(waysOf)) {
    const source = indexOf.get(from);
    if (source === undefined) continue;
    if (value !== null) decisions.add(source);
    const target = indexOf.get(to);
    if (target === undefined) continue;
    const key = source * entries.length + target;
    const edge = cases.get(key) ?? { from: source, to: target, values: [] };
    if (value !== null) edge.values.push(caseWord(value));
    cases.set(key, edge);
  }
  const edges = Array.from(cases.values(), ({ from, to, values }) => ({
    from,
    to,
    label: values.join(", "),
  }));
  const withNext = new Set(edges.map(({ from }) => from));

  const nodes = entries.map(([id, node], index): FlowNode => {
    const nodeType = node.nodeType ?? "";
    return {
      id,
      kind: kindOf(nodeType),
      kindWord: nodeType === "" ? "node" : kindWord(nodeType),
      summary: textOf(node["summary"]),
      isStart: id === flow.startAt,
      isEnd: !withNext.has(index),
      isDecision: decisions.has(index),
    };
  });
  return { nodes, edges, indexOf, isTooLarge: nodes.length > MOST_NODES || edges.length > MOST_EDGES };
}

function waysOf(edge: unknown): Way[] {
  const plain = v.safeParse(PlainEdge, edge);
  if (plain.success) return [{ from: plain.output.from, to: plain.output.to, value: null }];
  const branches = v.safeParse(SwitchEdge, edge);
  if (!branches.success) return [];
  const { from } = branches.output;
  return Object.entries(fieldsOf(branches.output.switch.cases)).flatMap(([value, target]) => {
    const to = textOf(target);
    return to === null ? [] : [{ from, to, value }];
  });
}

/** "needs_work" as it stands beside its edge. */
function caseWord(value: string): string {
  return value.replaceAll("_", " ");
}

function kindOf(nodeType: string): NodeKind {
  switch (nodeType) {
    case "acp":
    case "action":
    case "compute":
    case "checkpoint":
      return nodeType;
    default:
      return "other";
  }
}
