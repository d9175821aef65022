import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { sliderActOf } from "../playback/keyboard.ts";
import { perform } from "../playback/keys.ts";
import { course, isBehind, position } from "../playback/playback.ts";
import { shownTally } from "../playback/shown-tally.ts";
import { clock } from "../ui/format.ts";
import { scale } from "./axis.ts";
import { CutParts } from "./cut-parts.tsx";
import { useGestures } from "./gestures.ts";
import { drawnPosition } from "./scrub.ts";
import { zoomByKey } from "./zoom-keys.ts";

/** The whole lane area is the slider: pressed anywhere it goes there, dragged it scrubs. */
export function Slider({ children }: { readonly children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  useGestures(element);
  const { edge, start } = course.value;
  const at = position.value;
  return (
    <div
      class="slider"
      ref={element}
      role="slider"
      tabIndex={0}
      aria-label="Playback position"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.round(edge - start)}
      aria-valuenow={Math.round(at - start)}
      aria-valuetext={`${clock(at - start)} of ${clock(edge - start)}${testsText()}`}
      onKeyDown={(event) => {
        const act = sliderActOf(event);
        if (act === null && !zoomByKey(event)) return;
        event.preventDefault();
        if (act !== null) perform(act);
      }}
    >
      {children}
    </div>
  );
}

function testsText(): string {
  const tally = shownTally.value;
  return tally === null ? "" : `, ${tally.done} of ${tally.total} tests done`;
}

/** The lines over the lanes: where the person is, what lies later, and the live edge. None of them asks for a layout when it moves. */
export function PositionMarks() {
  const { edge, moving } = course.value;
  const behind = isBehind.value;
  const seen = scale.value;
  const x = seen.xOf(drawnPosition.value);
  const edgeX = seen.xOf(edge);
  const later = Math.min(seen.width, Math.max(0, x));
  // A run that waits or fell silent has a newest moment, but no live edge.
  return (
    <>
      {behind && <CutParts layer="bars" from={later} />}
      {behind && <div class="later" style={{ clipPath: `inset(0 0 0 ${later}px)` }} />}
      {behind && <CutParts layer="names" from={later} />}
      {moving && isSeen(edgeX, seen.width) && (
        <div class={behind ? "edge" : "edge lit"} style={at(Math.min(edgeX, seen.width))} />
      )}
      {(behind || !moving) && isSeen(x, seen.width) && (
        <div class="playhead" style={at(Math.min(x, seen.width))} />
      )}
    </>
  );
}

/** The edge goes on between two drawings of the axis. */
const SLACK_PX = 40;

function isSeen(x: number, width: number): boolean {
  return x >= -1 && x <= width + SLACK_PX;
}

function at(x: number): { transform: string } {
  return { transform: `translateX(${x}px)` };
}
