import { isBehind } from "../playback/playback.ts";
import { StatusGlyph } from "../ui/status-mark.tsx";
import { drawn } from "./drawn.ts";
import { recorded, scale } from "./axis.ts";
import "./wait.css";

const WORD_ROOM_PX = 70;
const GLYPH_ROOM_PX = 18;

/**
 * That a run waits for somebody goes on from its newest moment, in the first
 * lane. Looked back from, it lies ahead like everything later.
 */
export function Wait() {
  const { edge, isWaiting } = recorded.value;
  const { box } = drawn.value;
  const seen = scale.value;
  const left = Math.max(0, seen.xOf(edge));
  const width = seen.width - left;
  if (!isWaiting || width <= 0) return null;
  const [top, height] = [box.top(0), box.bar];
  return (
    <div
      class={isBehind.value ? "wait-span ahead" : "wait-span"}
      style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
    >
      {width >= GLYPH_ROOM_PX && <StatusGlyph status="waiting" />}
      {width >= WORD_ROOM_PX && <span>Waiting</span>}
    </div>
  );
}
