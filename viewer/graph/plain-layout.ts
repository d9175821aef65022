import type { FlowGraph } from "./flow-graph.ts";
import { type EdgePlace, LABEL_HEIGHT, type Layout, NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.ts";

/**
 * A layout for flows that are too dense for the good one: rows from the start
 * downwards, and ways that run between the rows and beside them. It takes a
 * moment, however many ways there are, since it looks at each a few times only.
 *
 * What always holds: no way crosses a node. Ways may run on each other.
 */
export function plainLayout(graph: FlowGraph): Layout {
  const rows = rowsOf(graph);
  const rowOf: number[] = [];
  for (const [row, nodes] of rows.entries()) for (const node of nodes) rowOf[node] = row;
  const tracks = tracksOf(graph, rows, rowOf);

  const widest = Math.max(0, ...rows.map(({ length }) => length));
  const rails = graph.edges.filter((edge) => isFar(rowOf, edge)).length;
  const side = EDGE + Math.min(Math.ceil(rails / 2), MOST_LANES) * LANE + AROUND;
  const width = 2 * side + widest * (NODE_WIDTH + BESIDE) - BESIDE;

  const nodes: Point[] = [];
  /** Where the gap above each row begins; the last one is below all of them. */
  const gaps: number[] = [];
  let y = 0;
  for (const [row, members] of rows.entries()) {
    gaps.push(y);
    y += gapHeight(tracks[row] ?? 0);
    const length = members.length * (NODE_WIDTH + BESIDE) - BESIDE;
    for (const [place, node] of members.entries())
      nodes[node] = { x: (width - length) / 2 + place * (NODE_WIDTH + BESIDE), y };
    y += NODE_HEIGHT;
  }
  gaps.push(y);
  const height = y + gapHeight(tracks[rows.length] ?? 0);

  const router = new Router(graph, { nodes, gaps, rowOf, width });
  return { width, height, nodes, edges: graph.edges.map((_, index) => router.route(index)) };
}

const EDGE = 16;
const BESIDE = 40;
/** Between the outermost node of a row and the rails, where loops have their room. */
const AROUND = 40;
/** Between two ways that run beside each other. Of more than so many, some run on others. */
const LANE = 8;
const MOST_LANES = 48;
/** Rows no longer than this make a graph that is about as wide as it is high. */
const LEAST_ROW = 6;

type Edges = FlowGraph["edges"];
type Edge = Edges[number];

/** The nodes of each row: what a node leads to is further down, unless it leads back. */
function rowsOf(graph: FlowGraph): number[][] {
  const ranks = ranksOf(graph);
  const layers: number[][] = [];
  for (const [node, rank] of ranks.entries()) (layers[rank] ??= []).push(node);
  const longest = Math.max(LEAST_ROW, Math.ceil(Math.sqrt(graph.nodes.length / 2)));
  /** How far to the right a node stands, from 0 to 1. */
  const places = graph.nodes.map(() => 0.5);
  const before = sourcesOf(graph);
  return layers.flatMap((layer) => {
    const wished = new Map(
      layer.map((node) => [
        node,
        mean(
          (before[node] ?? []).flatMap((from) =>
            (ranks[from] ?? 0) < (ranks[node] ?? 0) ? [places[from] ?? 0.5] : [],
          ),
        ),
      ]),
    );
    layer.sort((left, right) => (wished.get(left) ?? 0) - (wished.get(right) ?? 0) || left - right);
    for (const [place, node] of layer.entries()) places[node] = (place + 0.5) / layer.length;
    const count = Math.ceil(layer.length / longest);
    return Array.from({ length: count }, (_, part) => layer.filter((_, place) => place % count === part));
  });
}

/** The longest way from the start to each node, where what leads back does not count. */
function ranksOf(graph: FlowGraph): number[] {
  const { nodes } = graph;
  const next = targetsOf(graph);
  const ranks = nodes.map(() => 0);
  const order = lastFirst(nodes.length, next);
  const position: number[] = [];
  for (const [place, node] of order.entries()) position[node] = place;
  for (const [place, node] of order.entries())
    for (const to of next[node] ?? [])
      if ((position[to] ?? 0) > place) ranks[to] = Math.max(ranks[to] ?? 0, (ranks[node] ?? 0) + 1);
  return ranks;
}

/** All nodes, each before those it leads to, but for what leads back to where a walk from the start came from. */
function lastFirst(count: number, next: readonly (readonly number[])[]): number[] {
  const left: number[] = [];
  const isSeen: boolean[] = [];
  for (let start = 0; start < count; start += 1) {
    if (isSeen[start] === true) continue;
    isSeen[start] = true;
    const path = [{ node: start, done: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = next[top.node]?.[top.done];
      top.done += 1;
      if (to === undefined) {
        left.push(top.node);
        path.pop();
      } else if (isSeen[to] !== true) {
        isSeen[to] = true;
        path.push({ node: to, done: 0 });
      }
    }
  }
  return left.toReversed();
}

function targetsOf({ edges, nodes }: FlowGraph): number[][] {
  const targets = nodes.map((): number[] => []);
  for (const { from, to } of edges) targets[from]?.push(to);
  return targets;
}

function sourcesOf({ edges, nodes }: FlowGraph): number[][] {
  const sources = nodes.map((): number[] => []);
  for (const { from, to } of edges) sources[to]?.push(from);
  return sources;
}

/** How many ways run through the gap above each row, and below the last one. */
function tracksOf({ edges }: FlowGraph, rows: readonly unknown[], rowOf: readonly number[]): number[] {
  const tracks = Array.from({ length: rows.length + 1 }, () => 0);
  for (const edge of edges) {
    const below = (rowOf[edge.from] ?? 0) + 1;
    const above = rowOf[edge.to] ?? 0;
    if (edge.from === edge.to) continue;
    tracks[below] = (tracks[below] ?? 0) + 1;
    if (isFar(rowOf, edge)) tracks[above] = (tracks[above] ?? 0) + 1;
  }
  return tracks;
}

/** Leads it anywhere but to the next row? Then it goes round by a rail. */
function isFar(rowOf: readonly number[], { from, to }: Edge): boolean {
  return from !== to && rowOf[to] !== (rowOf[from] ?? 0) + 1;
}

function gapHeight(tracks: number): number {
  return 2 * EDGE + Math.max(LABEL_HEIGHT, Math.min(tracks, MOST_LANES) * LANE);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0.5 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface Ground {
  readonly nodes: readonly Point[];
  readonly gaps: readonly number[];
  readonly rowOf: readonly number[];
  readonly width: number;
}

/** Hands out lanes to ways, in the order of the edges. */
class Router {
  readonly #edges: Edges;
  readonly #ground: Ground;
  readonly #next: readonly (readonly number[])[];
  readonly #before: readonly (readonly number[])[];
  readonly #used = new Map<string, number>();

  constructor(graph: FlowGraph, ground: Ground) {
    this.#edges = graph.edges;
    this.#ground = ground;
    this.#next = targetsOf(graph);
    this.#before = sourcesOf(graph);
  }

  route(index: number): EdgePlace {
    const edge = this.#edges[index];
    if (edge === undefined) return { points: [], label: null, isBack: false, isLoop: false };
    const { from, label, to } = edge;
    const { nodes, rowOf } = this.#ground;
    const source = nodes[from] ?? { x: 0, y: 0 };
    const target = nodes[to] ?? { x: 0, y: 0 };
    const isLoop = from === to;
    const points = isLoop ? loop(source) : this.#between(edge, source, target);
    const [first = source] = points;
    return {
      points,
      // A loop's words stand left of it.
      label: label === "" || isLoop ? null : { x: first.x + 2, y: first.y + 2 },
      isBack: (rowOf[to] ?? 0) <= (rowOf[from] ?? 0),
      isLoop,
    };
  }

  #between(edge: Edge, source: Point, target: Point): Point[] {
    const { from, to } = edge;
    const { rowOf, width } = this.#ground;
    const out = port(source, (this.#next[from] ?? []).indexOf(to), (this.#next[from] ?? []).length);
    const into = port(target, (this.#before[to] ?? []).indexOf(from), (this.#before[to] ?? []).length);
    const start = { x: out, y: source.y + NODE_HEIGHT };
    const end = { x: into, y: target.y };
    const below = this.#track((rowOf[from] ?? 0) + 1);
    if (!isFar(rowOf, edge)) return [start, { x: out, y: below }, { x: into, y: below }, end];
    const isLeft = (out + into) / 2 < width / 2;
    const lane = EDGE + (this.#take(isLeft ? "left" : "right") % MOST_LANES) * LANE;
    const rail = isLeft ? lane : width - lane;
    const above = this.#track(rowOf[to] ?? 0);
    return [
      start,
      { x: out, y: below },
      { x: rail, y: below },
      { x: rail, y: above },
      { x: into, y: above },
      end,
    ];
  }

  #track(gap: number): number {
    return (this.#ground.gaps[gap] ?? 0) + EDGE + (this.#take(`gap ${gap}`) % MOST_LANES) * LANE;
  }

  #take(lanes: string): number {
    const used = this.#used.get(lanes) ?? 0;
    this.#used.set(lanes, used + 1);
    return used;
  }
}

/** Where one of so many ways touches a node: they share its length. */
function port({ x }: Point, index: number, count: number): number {
  return x + (NODE_WIDTH * (index + 1)) / (count + 1);
}

function loop({ x, y }: Point): Point[] {
  return [
    { x, y: y + NODE_HEIGHT * 0.7 },
    { x: x - 24, y: y + NODE_HEIGHT * 0.7 },
    { x: x - 24, y: y + NODE_HEIGHT * 0.3 },
    { x, y: y + NODE_HEIGHT * 0.3 },
  ];
}
