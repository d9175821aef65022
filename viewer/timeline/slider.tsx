import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { sliderActOf } from "../playback/keyboard.ts";
import { perform } from "../playback/keys.ts";
import { extent, isBehind, openRun, position, seekTo } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { clock } from "../ui/format.ts";

interface Axis {
  readonly start: number;
  readonly span: number;
  readonly edge: number;
}

interface Props {
  readonly start: ReadonlySignal<Axis>;
  readonly width: ReadonlySignal<number>;
  readonly children: ComponentChildren;
}

/** The whole lane area is the slider: pressed anywhere it goes there, dragged it scrubs. */
export function Slider({ children, start: axis }: Props) {
  const drag = useRef<{ x: number; frame: number; left: number; width: number } | null>(null);
  const { edge, start } = extent.value;
  const at = position.value;

  const follow = () => {
    const current = drag.current;
    if (current === null) return;
    current.frame = 0;
    const { span, start: from } = axis.peek();
    seekTo(from + ((current.x - current.left) / current.width) * span);
  };
  const release = () => {
    if (drag.current !== null && drag.current.frame !== 0) {
      cancelAnimationFrame(drag.current.frame);
      follow();
    }
    drag.current = null;
  };

  return (
    <div
      class="slider"
      role="slider"
      tabIndex={0}
      aria-label="Playback position"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.round(edge - start)}
      aria-valuenow={Math.round(at - start)}
      aria-valuetext={`${clock(at - start)} of ${clock(edge - start)}`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const box = event.currentTarget.getBoundingClientRect();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, frame: 0, left: box.left, width: Math.max(1, box.width) };
        follow();
      }}
      onPointerMove={(event) => {
        const current = drag.current;
        if (current === null) return;
        current.x = event.clientX;
        if (current.frame === 0) current.frame = requestAnimationFrame(follow);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(event) => {
        const act = sliderActOf(event);
        if (act === null) return;
        event.preventDefault();
        perform(act);
      }}
    >
      {children}
    </div>
  );
}

/** The lines over the lanes: where the person is, what lies later, and the live edge. */
export function PositionMarks({ axis }: { readonly axis: ReadonlySignal<Axis> }) {
  const { edge, span, start } = axis.value;
  const behind = isBehind.value;
  // A run that waits or fell silent has a newest moment, but no live edge.
  const moving = isMoving(openRun.value?.status ?? "unknown");
  const share = (time: number) => `${Math.min(100, Math.max(0, ((time - start) / span) * 100))}%`;
  return (
    <>
      {behind && <div class="later" style={{ left: share(position.value) }} />}
      {moving && <div class={behind ? "edge" : "edge lit"} style={{ left: share(edge) }} />}
      {(behind || !moving) && <div class="playhead" style={{ left: share(position.value) }} />}
    </>
  );
}
