import ElkApi, { type ELK } from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import type { FlowGraph } from "./flow-graph.ts";
import { elkQuestion, type Layout, readLayout } from "./layout.ts";
import { plainLayout } from "./plain-layout.ts";

/**
 * Layouts come from a worker, which is started when the first one is needed. A
 * flow that was laid out once is not laid out again, whichever run it belongs to.
 *
 * What always holds: a worker works at nothing that nobody waits for. What it is
 * at cannot be told to stop, so the worker is ended with it.
 */

const MOST_KEPT = 30;
const kept = new Map<string, Layout>();

/** Of a dense flow the library may think for minutes; by then it is laid out plainly. */
const DEADLINE_MS = 5000;

interface Workshop {
  readonly elk: ELK;
  /** Never comes true. The library does not say when its worker could not be started, or broke. */
  readonly broken: Promise<never>;
}

/** A worker that has nothing to do. */
let idle: Workshop | null = null;

export function keyOf(graph: FlowGraph): string {
  return JSON.stringify([graph.nodes.map(({ id }) => id), graph.edges]);
}

export function keptLayout(key: string): Layout | null {
  return kept.get(key) ?? null;
}

/** Rejects where it could not be done, or when `signal` says that nobody waits for it any more. */
export async function layOut(graph: FlowGraph, signal: AbortSignal): Promise<Layout> {
  const layout = (await laidOutInTime(graph, signal)) ?? plainLayout(graph);
  keep(keyOf(graph), layout);
  return layout;
}

/** Null: it took too long. */
async function laidOutInTime(graph: FlowGraph, signal: AbortSignal): Promise<Layout | null> {
  signal.throwIfAborted();
  const workshop = idle ?? openWorkshop();
  idle = null;
  const { broken, elk } = workshop;
  const waiting = new Waiting(signal);
  let isDone = false;
  try {
    const answer = await Promise.race([elk.layout(elkQuestion(graph)), broken, waiting.ended]);
    isDone = answer !== null;
    return answer === null ? null : readLayout(graph, answer);
  } finally {
    waiting.leave();
    if (isDone) idle = workshop;
    else elk.terminateWorker();
  }
}

/** Ends with null when it has taken too long; rejects when nobody waits any more. */
class Waiting {
  readonly ended: Promise<null>;
  readonly #over = new AbortController();

  constructor(signal: AbortSignal) {
    this.ended = new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(null), DEADLINE_MS);
      this.#over.signal.addEventListener("abort", () => clearTimeout(timer));
      signal.addEventListener("abort", () => reject(signal.reason), { signal: this.#over.signal });
    });
  }

  leave(): void {
    this.#over.abort();
  }
}

function openWorkshop(): Workshop {
  const worker = new Worker(workerUrl);
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener("error", () => reject(new Error("The layout's worker broke.")));
  });
  // Who waits for a layout is told; while nobody does there is nobody to tell.
  broken.catch(() => undefined);
  return { elk: new ElkApi({ workerFactory: () => worker, algorithms: ["layered"] }), broken };
}

function keep(key: string, layout: Layout): void {
  kept.set(key, layout);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) return;
    kept.delete(oldest);
  }
}
