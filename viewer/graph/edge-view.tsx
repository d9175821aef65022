import { memo } from "../ui/memo.ts";
import { countOf, type EdgeWords, labelOf } from "./edge-words.ts";
import type { EdgePlace } from "./layout.ts";
import { diamondPath, headPath, routePath } from "./route.ts";

interface EdgeProps {
  readonly place: EdgePlace;
  readonly isTaken: boolean;
  readonly isNewest: boolean;
}

/** A way between two nodes. What has been walked is told by its width, too. */
export const EdgeView = memo<EdgeProps>(({ isNewest, isTaken, place }) => (
  <g class={`graph-edge ${isTaken ? "is-taken" : ""} ${isNewest ? "is-newest" : ""}`}>
    <path class="way" d={routePath(place.points)} />
    <path class="head" d={headPath(place.points)} />
  </g>
));

interface EdgeWordsProps {
  readonly place: EdgePlace;
  readonly label: string;
  readonly isTaken: boolean;
  /** How often it was taken; null while that is not known. */
  readonly count: number | null;
}

/** Drawn after all ways and nodes, so that none of them lies over it. */
export const EdgeWordsView = memo<EdgeWordsProps>(({ count, isTaken, label, place }) => (
  <g class={isTaken ? "graph-words is-taken" : "graph-words"}>
    <Words kind="edge-label" words={labelOf(place, label, count)} />
    <Words kind="edge-count num" words={countOf(place, count)} />
  </g>
));

function Words({ kind, words }: { readonly kind: string; readonly words: EdgeWords | null }) {
  if (words === null) return null;
  const { anchor, at, text } = words;
  return (
    <text class={kind} x={at.x} y={at.y} text-anchor={anchor}>
      {text}
    </text>
  );
}

interface BranchProps {
  readonly place: EdgePlace;
  readonly isTaken: boolean;
  readonly isNewest: boolean;
}

/** A diamond where a decision's way begins, on the edge of its node. */
export const BranchView = memo<BranchProps>(({ isNewest, isTaken, place }) => (
  <path
    class={`graph-branch ${isTaken ? "is-taken" : ""} ${isNewest ? "is-newest" : ""}`}
    d={diamondPath(place.points)}
  />
));
