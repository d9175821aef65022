import { untracked, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { codingPart } from "../coding/part.ts";
import { isCoding } from "../playback/coding.ts";
import { jumps, playhead } from "../playback/playback.ts";
import { useLate } from "../ui/use-late.ts";
import { recorded, scale, unread, width } from "./axis.ts";
import { BareMarks } from "./bare-marks.tsx";
import { drawn } from "./drawn.ts";
import { DeckHandle } from "./deck-handle.tsx";
import { Folds } from "./folds.tsx";
import { ABOVE_LANES, useGestures } from "./gestures.ts";
import { Hovered } from "./hovered.tsx";
import { LaneView } from "./lane-view.tsx";
import { Overview } from "./overview.tsx";
import { isTimelineFolded } from "./room.ts";
import { Scores, ScoresTold } from "./scores.tsx";
import { beginSight, followPlayhead } from "./sight.ts";
import { PositionMarks, Slider } from "./slider.tsx";
import { ticks } from "./ticks.ts";
import { Timeless } from "./timeless.tsx";
import { Wait } from "./wait.tsx";
import { useZoomKeys } from "./zoom-keys.ts";
import "./timeline.css";

const TICK_ROOM_PX = 90;
/** The lines left and right of the lanes. */
const BORDERS_PX = 2;

export function Timeline() {
  useZoomKeys();
  const measured = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = measured.current;
    if (element === null) return undefined;
    beginSight();
    const measure = () => {
      width.value = element.clientWidth - BORDERS_PX;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useSignalEffect(() => {
    void [playhead.value, jumps.value, recorded.value];
    untracked(followPlayhead);
  });
  return (
    <div class="timeline" ref={measured}>
      <DeckHandle />
      <Overview />
      <Ruler />
      <Slider>
        <Lanes />
        {!isTimelineFolded.value && <Scores />}
        <div class="over-lanes" aria-hidden="true">
          <Folds />
          {isCoding.value && <Marked />}
          <Wait />
          <PositionMarks />
        </div>
      </Slider>
      <Timeless />
      <ScoresTold />
      <Hovered />
      <Unread />
    </div>
  );
}

function Marked() {
  const part = codingPart.read();
  return part === null ? null : <part.Signs />;
}

/** Pressed, it goes to that very moment, however full of tests the lanes are. */
function Ruler() {
  const element = useRef<HTMLDivElement>(null);
  useGestures(element, ABOVE_LANES);
  const seen = scale.value;
  const { beyondLanes } = recorded.value;
  return (
    <div class="ruler num" ref={element} aria-hidden="true" title="Press or drag to go to that very moment">
      {ticks(seen, TICK_ROOM_PX, recorded.value.end).map(({ at, label, left }) => (
        <span key={at} style={{ transform: `translateX(${left}px)` }}>
          {label}
        </span>
      ))}
      {beyondLanes > 0 && <b title="They share the lanes of others">+{beyondLanes} more at once</b>}
    </div>
  );
}

function Lanes() {
  const { at, box, pieces, seen } = drawn.value;
  return (
    <div
      class={box.lane < 6 ? "lanes thin" : "lanes"}
      aria-hidden="true"
      style={{ height: `${box.height}px`, "--lane": `${box.lane}px`, "--bar": `${box.bar}px` }}
    >
      <BareMarks
        at={at}
        box={box}
        errors={recorded.value.errors}
        lanes={pieces.map(({ bare }) => bare)}
        scale={seen}
      >
        {pieces.map(({ named }, row) => (
          <LaneView key={row} pieces={named} />
        ))}
      </BareMarks>
    </div>
  );
}

/**
 * Of a long run the newest part is there first. Until the rest is, a bare axis
 * would say that nothing happened. Never taken out of the page: what appears in
 * it is read out only if it was there before.
 */
function Unread() {
  const current = unread.value;
  const isLate = useLate(current !== null);
  const seen = scale.value;
  const { box } = drawn.value;
  const pixels = current === null ? 0 : Math.min(seen.width, Math.max(0, seen.xOf(current.until)));
  const isTools = current?.what === "tools";
  // Below the lanes of steps. What failed is told above them, so the strip there is not read either.
  const above = isTools ? box.top(Math.max(1, recorded.value.stepLanes)) : 0;
  return (
    <div
      class={isTools ? "unread tools" : "unread"}
      role="status"
      aria-label="Timeline"
      style={{ width: `${pixels}px`, "--above": `${above}px` }}
    >
      {isLate && <span>{isTools ? "Reading tool calls…" : "Reading the run’s earlier part…"}</span>}
    </div>
  );
}
