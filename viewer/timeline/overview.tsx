import { computed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { position } from "../playback/playback.ts";
import { recorded, scale, wholeScale } from "./axis.ts";
import { lookFrom } from "./sight.ts";
import "./overview.css";

const LEAST_WINDOW_PX = 10;

const errorPixels = computed(() => {
  const whole = wholeScale.value;
  return [...new Set(Array.from(recorded.value.errors, (time) => Math.round(whole.xOf(time))))];
});

/** All of the run as a thin strip, while only a part of it is seen: which part, and by dragging another. */
export function Overview() {
  const drag = useRef<number | null>(null);
  const seen = scale.value;
  if (seen.isWhole) return null;
  const all = wholeScale.value;
  const left = all.xOf(seen.from);
  const width = Math.max(LEAST_WINDOW_PX, all.xOf(seen.to) - left);
  const move = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (drag.current === null) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    lookFrom(all.timeAt(x - drag.current));
  };
  return (
    <div
      class="overview"
      aria-hidden="true"
      title="All of the run; drag to look elsewhere"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        // Beside the window: it comes to the pointer.
        drag.current = x >= left && x <= left + width ? x - left : width / 2;
        move(event);
      }}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    >
      <div class="overview-window" style={{ transform: `translateX(${left}px)`, width: `${width}px` }} />
      <ErrorTicks />
      <div class="overview-playhead" style={{ transform: `translateX(${all.xOf(position.value)}px)` }} />
    </div>
  );
}

function ErrorTicks() {
  return (
    <>
      {errorPixels.value.map((x) => (
        <i key={x} class="overview-error" style={{ transform: `translateX(${x}px)` }} />
      ))}
    </>
  );
}
