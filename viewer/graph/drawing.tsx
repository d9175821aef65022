import { Canvas } from "./canvas.tsx";
import { shownGraph } from "./shown.ts";

export function Drawing() {
  const graph = shownGraph.value;
  if (graph === null) return null;
  if (!graph.isTooLarge) return <Canvas graph={graph} />;
  return (
    <p class="graph-absent">
      This graph is too large to be drawn. The run’s steps can be seen under “Steps”.
    </p>
  );
}
