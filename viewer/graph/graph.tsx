import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { LoadingNote } from "../ui/loading.tsx";
import { useLate } from "../ui/use-late.ts";
import type { FlowGraph } from "./flow-graph.ts";
import { shownGraph } from "./shown.ts";
import "./graph.css";

type Canvas = ComponentType<{ readonly graph: FlowGraph }>;

/** What draws a graph is loaded with the first one. */
type Part =
  | { readonly kind: "absent" }
  | { readonly kind: "asked" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly Canvas: Canvas };

const part = signal<Part>({ kind: "absent" });

async function load(): Promise<void> {
  part.value = { kind: "asked" };
  try {
    const { Canvas } = await import("./canvas.tsx");
    part.value = { kind: "here", Canvas };
  } catch {
    part.value = { kind: "failed" };
  }
}

/** The flow's graph as of the playhead. */
export function Graph() {
  const graph = shownGraph.value;
  const current = part.value;
  useEffect(() => {
    if (part.peek().kind === "absent") void load();
  }, []);
  const isLate = useLate(current.kind === "absent" || current.kind === "asked");
  return (
    <section class="graph" aria-label="Graph">
      {graph !== null && graph.isTooLarge && (
        <p class="graph-absent">
          This graph is too large to be drawn. The run’s steps can be seen under “Steps”.
        </p>
      )}
      {graph !== null && !graph.isTooLarge && <Drawn graph={graph} current={current} isLate={isLate} />}
    </section>
  );
}

interface DrawnProps {
  readonly graph: FlowGraph;
  readonly current: Part;
  readonly isLate: boolean;
}

function Drawn({ current, graph, isLate }: DrawnProps) {
  switch (current.kind) {
    case "absent":
    case "asked":
      return isLate ? <LoadingNote>Loading the graph…</LoadingNote> : null;
    case "failed":
      return (
        <div class="graph-absent">
          <p role="alert">
            What draws the graph could not be loaded. The run’s steps can be seen under “Steps”.
          </p>
          <button type="button" class="button" onClick={() => void load()}>
            Try again
          </button>
        </div>
      );
    case "here":
      return <current.Canvas graph={graph} />;
  }
}
