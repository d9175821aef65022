import { useEffect } from "preact/hooks";
import { lazyPanel } from "../ui/lazy-panel.tsx";
import { shownGraph } from "./shown.ts";
import "./graph.css";

/** What draws a graph is loaded with the first one. */
const canvas = lazyPanel("the graph", async () => {
  const { Canvas } = await import("./canvas.tsx");
  return Canvas;
});

/** The flow's graph as of the playhead. */
export function Graph() {
  const graph = shownGraph.value;
  // While the run is still being read, too.
  useEffect(canvas.preload, []);
  return (
    <section class="graph" aria-label="Graph">
      {graph !== null && graph.isTooLarge && (
        <p class="graph-absent">
          This graph is too large to be drawn. The run’s steps can be seen under “Steps”.
        </p>
      )}
      {graph !== null && !graph.isTooLarge && <canvas.Panel graph={graph} />}
    </section>
  );
}
