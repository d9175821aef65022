import { computed } from "@preact/signals";
import { evaluationLanes, lanes, recorded } from "./axis.ts";
import { type LaneBox, LEAST_LANES, laneBox } from "./lane-box.ts";
import { room } from "./room.ts";

/** Where the lanes lie now: the same object for as long as nothing of it changes. */
export const box = computed((): LaneBox => {
  const { isOver } = recorded.value;
  return laneBox(lanes.value.length, isOver ? LEAST_LANES : evaluationLanes.value, room.value);
});
