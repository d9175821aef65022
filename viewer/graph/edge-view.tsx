import { wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { clipLabel } from "./label.ts";
import { type EdgePlace, LABEL_HEIGHT } from "./layout.ts";
import { diamondPath, headPath, longestMiddle, routePath } from "./route.ts";

interface EdgeProps {
  readonly place: EdgePlace;
  readonly label: string;
  readonly isTaken: boolean;
  readonly isNewest: boolean;
  /** How often it was taken; null while that is not known. */
  readonly count: number | null;
}

/** A way between two nodes. What has been walked is told by its width, too. */
export const EdgeView = memo<EdgeProps>(({ count, isNewest, isTaken, label, place }) => {
  const middle = place.isBack && count !== null && count > 1 ? longestMiddle(place.points) : null;
  return (
    <g class={`graph-edge ${isTaken ? "is-taken" : ""} ${isNewest ? "is-newest" : ""}`}>
      <path class="way" d={routePath(place.points)} />
      <path class="head" d={headPath(place.points)} />
      {place.label !== null && (
        <text class="edge-label" x={place.label.x + 2} y={place.label.y + LABEL_HEIGHT - 4}>
          {clipLabel(label)}
        </text>
      )}
      {middle !== null && count !== null && (
        <text class="edge-count num" x={middle.x} y={middle.y + 4}>
          ×{wholeNumber(count)}
        </text>
      )}
    </g>
  );
});

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
