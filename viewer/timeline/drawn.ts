import { computed } from "@preact/signals";
import { position } from "../playback/playback.ts";
import { lanes, passed, scale } from "./axis.ts";
import { box } from "./box.ts";
import { piecesOf } from "./pieces.ts";

/** What is drawn of the lanes: the same until the playhead passes something, or one looks elsewhere. */
export const drawn = computed(() => {
  const all = lanes.value;
  const seen = scale.value;
  void passed.value;
  const at = position.peek();
  const laid = box.value;
  const pieces = all.map((lane) => piecesOf(lane, seen, at, laid.hasNames));
  return { at, box: laid, pieces, seen };
});
