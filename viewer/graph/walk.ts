import { Ints, NOWHERE } from "../playback/columns.ts";
import type { StepTable } from "../playback/step-table.ts";
import type { FlowGraph } from "./flow-graph.ts";

/** How far a run had walked its graph when so many attempts had begun. */
export interface Walked {
  /** Of each node: attempts at it, and the newest one, or NOWHERE. */
  readonly attempts: Uint32Array;
  readonly newest: Uint32Array;
  /** Of each edge: how often an attempt at its target followed one at its source. */
  readonly taken: Uint32Array;
}

/** A state is kept of every so many attempts: going anywhere counts at most this many. */
const STRIDE = 512;

/**
 * The way of a run through its graph, attempt by attempt. To be asked for any
 * number of attempts in any order; what it costs does not depend on how long the
 * run is.
 */
export class Walk {
  readonly #table: StepTable;
  readonly #graph: FlowGraph;
  /** Of each attempt: its node and the edge that led there, or NOWHERE. */
  readonly #nodes = new Ints();
  readonly #edges = new Ints();
  readonly #edgeOf: ReadonlyMap<number, number>;
  readonly #kept: Walked[];
  #current: Walked;
  #count = 0;

  constructor(graph: FlowGraph, table: StepTable) {
    this.#graph = graph;
    this.#table = table;
    this.#edgeOf = new Map(graph.edges.map(({ from, to }, index) => [this.#key(from, to), index]));
    this.#current = {
      attempts: new Uint32Array(graph.nodes.length),
      newest: new Uint32Array(graph.nodes.length).fill(NOWHERE),
      taken: new Uint32Array(graph.edges.length),
    };
    this.#kept = [copyOf(this.#current)];
  }

  /** After the first `count` attempts. What is given is good until the next question. */
  at(count: number): Walked {
    this.#extend(count);
    const kept = Math.min(Math.floor(count / STRIDE), this.#kept.length - 1);
    if (count < this.#count || kept * STRIDE > this.#count) {
      this.#current = copyOf(this.#kept[kept] ?? this.#current);
      this.#count = kept * STRIDE;
    }
    while (this.#count < count) {
      this.#step(this.#count);
      this.#count += 1;
      if (this.#count === this.#kept.length * STRIDE) this.#kept.push(copyOf(this.#current));
    }
    return this.#current;
  }

  /** The edge that led to an attempt; null where none did. */
  edgeTo(attempt: number): number | null {
    const edge = this.#edges.at(attempt);
    return edge === NOWHERE ? null : edge;
  }

  /** The node of an attempt; null for one that the flow does not name. */
  nodeOf(attempt: number): number | null {
    const node = this.#nodes.at(attempt);
    return node === NOWHERE ? null : node;
  }

  #extend(count: number): void {
    for (let index = this.#nodes.length; index < count; index += 1) {
      const before = this.nodeOf(index - 1);
      const node = this.#graph.indexOf.get(this.#table.name(index).nodeId);
      const edge =
        before === null || node === undefined ? undefined : this.#edgeOf.get(this.#key(before, node));
      this.#nodes.push(node ?? NOWHERE);
      this.#edges.push(edge ?? NOWHERE);
    }
  }

  #step(index: number): void {
    const { attempts, newest, taken } = this.#current;
    const node = this.nodeOf(index);
    if (node === null) return;
    attempts[node] = (attempts[node] ?? 0) + 1;
    newest[node] = index;
    const edge = this.edgeTo(index);
    if (edge !== null) taken[edge] = (taken[edge] ?? 0) + 1;
  }

  #key(from: number, to: number): number {
    return from * this.#graph.nodes.length + to;
  }
}

function copyOf({ attempts, newest, taken }: Walked): Walked {
  return { attempts: attempts.slice(), newest: newest.slice(), taken: taken.slice() };
}

const walks = new WeakMap<StepTable, Walk>();
const graphsOf = new WeakMap<Walk, FlowGraph>();

/** The walk of a table through a graph, carried on for as long as both stay the same. */
export function walkOf(graph: FlowGraph, table: StepTable): Walk {
  const known = walks.get(table);
  if (known !== undefined && graphsOf.get(known) === graph) return known;
  const walk = new Walk(graph, table);
  walks.set(table, walk);
  graphsOf.set(walk, graph);
  return walk;
}
