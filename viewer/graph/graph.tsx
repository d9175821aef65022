import { useEffect } from "preact/hooks";
import { lazyPanel } from "../ui/lazy-panel.tsx";
import "./graph.css";

/** What reads, lays out and draws a graph is loaded with the first one. */
const drawing = lazyPanel("the graph", async () => {
  const { Drawing } = await import("./drawing.tsx");
  return Drawing;
});

/** The flow's graph as of the playhead. */
export function Graph() {
  // While the run is still being read, too.
  useEffect(drawing.preload, []);
  return (
    <section class="graph" aria-label="Graph">
      <drawing.Panel />
    </section>
  );
}
