import type { ElkExtendedEdge, ElkNode, ElkPoint } from "elkjs/lib/elk-api.js";
import type { FlowGraph } from "./flow-graph.ts";
import { clipLabel, labelWidth } from "./label.ts";

/** Where a graph's nodes and edges are drawn. It follows from the graph alone, never from how a run stands. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corners, in the order of the graph's nodes. */
  readonly nodes: readonly Point[];
  /** In the order of the graph's edges. */
  readonly edges: readonly EdgePlace[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface EdgePlace {
  /** From its source to its target; its turns are square. */
  readonly points: readonly Point[];
  /** The upper left corner of its label. */
  readonly label: Point | null;
  /** It leads back to where the run has been. */
  readonly isBack: boolean;
  /** It leads from a node to itself. */
  readonly isLoop: boolean;
}

export const NODE_WIDTH = 256;
export const NODE_HEIGHT = 60;
export const LABEL_HEIGHT = 16;

/**
 * Layers from the start downwards. What leads back is led round the nodes on
 * rails of its own, and labels stand where an edge leaves its source.
 */
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.feedbackEdges": "true",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.spacing.nodeNodeBetweenLayers": "38",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.spacing.nodeNode": "40",
  "elk.spacing.edgeNode": "24",
  "elk.spacing.edgeEdge": "14",
  "elk.spacing.edgeLabel": "5",
  "elk.spacing.nodeSelfLoop": "24",
  "elk.padding": "[top=16,left=16,bottom=16,right=16]",
} as const;

/** The question to the layout library. */
export function elkQuestion(graph: FlowGraph): ElkNode {
  return {
    id: "graph",
    layoutOptions: OPTIONS,
    children: graph.nodes.map((_, index) => ({ id: `n${index}`, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: graph.edges.map(({ from, label, to }, index) => ({
      id: `e${index}`,
      sources: [`n${from}`],
      targets: [`n${to}`],
      labels: label === "" ? [] : [tailLabel(clipLabel(label))],
    })),
  };
}

function tailLabel(text: string) {
  return {
    text,
    width: labelWidth(text),
    height: LABEL_HEIGHT,
    layoutOptions: { "elk.edgeLabels.placement": "TAIL" },
  };
}

/** Its answer. Nodes and edges are found by their names. */
export function readLayout(graph: FlowGraph, answer: ElkNode): Layout {
  const children = new Map((answer.children ?? []).map((child) => [child.id, child]));
  const routes = new Map((answer.edges ?? []).map((edge) => [edge.id, edge]));
  const nodes = graph.nodes.map((_, index): Point => pointOf(children.get(`n${index}`)));
  const edges = graph.edges.map(({ from, to }, index): EdgePlace => {
    const route = routes.get(`e${index}`);
    const label = route?.labels?.[0];
    const source = nodes[from] ?? ORIGIN;
    const target = nodes[to] ?? ORIGIN;
    return {
      points: pointsOf(route),
      label: label === undefined ? null : pointOf(label),
      isBack: target.y <= source.y,
      isLoop: from === to,
    };
  });
  return { width: answer.width ?? 0, height: answer.height ?? 0, nodes, edges };
}

const ORIGIN: Point = { x: 0, y: 0 };

function pointOf(place: Partial<ElkPoint> | undefined): Point {
  return { x: place?.x ?? 0, y: place?.y ?? 0 };
}

function pointsOf(route: ElkExtendedEdge | undefined): Point[] {
  return (route?.sections ?? []).flatMap(({ bendPoints = [], endPoint, startPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
}
