import { useRef } from "preact/hooks";
import { box } from "./box.ts";
import { isTimelineFolded, LEAST_ROOM, MOST_ROOM, room, setRoom } from "./room.ts";
import "./deck-handle.css";

const STEP_PX = 12;

/** The line above the timeline: dragged or moved by arrow keys, folded and opened by a double click or Enter. */
export function DeckHandle() {
  /** Where the drag began, and how high the lanes were. */
  const drag = useRef<{ readonly y: number; readonly room: number } | null>(null);
  const now = room.value;
  // Few lanes may need less than there is room for: one goes on from what is seen.
  const seen = box.value.room;
  const isFolded = isTimelineFolded.value;
  const fold = () => setRoom(isFolded ? null : LEAST_ROOM);
  return (
    <div
      class="deck-handle"
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the timeline"
      aria-valuemin={LEAST_ROOM}
      aria-valuemax={MOST_ROOM}
      aria-valuenow={now}
      aria-valuetext={isFolded ? "folded" : `${now} pixels`}
      title={`Drag to resize; double click to ${isFolded ? "open" : "fold"}`}
      onDblClick={fold}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { y: event.clientY, room: seen };
      }}
      onPointerMove={(event) => {
        if (drag.current !== null) setRoom(drag.current.room + drag.current.y - event.clientY);
      }}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
        if (event.key === "Enter") fold();
        else {
          const higher = isFolded ? null : seen + STEP_PX;
          const next = { ArrowUp: higher, ArrowDown: seen - STEP_PX, Home: LEAST_ROOM, End: MOST_ROOM }[
            event.key
          ];
          if (next === undefined) return;
          setRoom(next);
        }
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
