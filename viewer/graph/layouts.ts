import ElkApi, { type ELK } from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import type { FlowGraph } from "./flow-graph.ts";
import { elkQuestion, type Layout, readLayout } from "./layout.ts";

/**
 * Layouts come from a worker, which is started when the first one is needed. A
 * flow that was laid out once is not laid out again, whichever run it belongs to.
 */

const MOST_KEPT = 30;
const kept = new Map<string, Layout>();

interface Workshop {
  readonly elk: ELK;
  /** Never comes true. The library does not say when its worker could not be started, or broke. */
  readonly broken: Promise<never>;
}

let workshop: Workshop | null = null;

export function keyOf(graph: FlowGraph): string {
  return JSON.stringify([graph.nodes.map(({ id }) => id), graph.edges]);
}

export function keptLayout(key: string): Layout | null {
  return kept.get(key) ?? null;
}

/** Rejects where it could not be done; the next one is tried with a new worker. */
export async function layOut(graph: FlowGraph): Promise<Layout> {
  workshop ??= openWorkshop();
  const { broken, elk } = workshop;
  try {
    const layout = readLayout(graph, await Promise.race([elk.layout(elkQuestion(graph)), broken]));
    keep(keyOf(graph), layout);
    return layout;
  } catch (error) {
    elk.terminateWorker();
    if (workshop?.elk === elk) workshop = null;
    throw error;
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
