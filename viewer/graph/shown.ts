import { computed } from "@preact/signals";
import type { Picture } from "../playback/picture.ts";
import { openRun, view } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { flowGraph } from "./flow-graph.ts";
import { type GraphPicture, graphPicture } from "./picture.ts";

/** The open run's graph, and what of it the playhead says. */

/** The same object for as long as the flow is the same, whatever else of the run changes. */
const flow = computed(() => openRun.value?.flow ?? null);
export const shownGraph = computed(() => (flow.value === null ? null : flowGraph(flow.value)));

const NOTHING: Picture<GraphPicture> = { value: null, isReady: false, parts: [] };

export const shownPicture = computed(() => {
  const graph = shownGraph.value;
  const current = view.value;
  return graph === null || current === null ? NOTHING : graphPicture(graph, current);
});

/** The node of the chosen step; null where there is none, or the flow does not name it. */
export const chosenNode = computed(() => {
  const id = chosenStep.value?.attempt.nodeId;
  return id === undefined ? null : (shownGraph.value?.indexOf.get(id) ?? null);
});

/** What a camera follows: before the first step the start; null while it is not known. */
export const followedNode = computed(() => {
  const steps = view.value?.steps;
  if (steps === undefined || steps.extent === "none") return null;
  return chosenNode.value ?? (steps.count === 0 ? 0 : null);
});
