import { untracked, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { jumps, playhead } from "../playback/playback.ts";
import { useLate } from "../ui/use-late.ts";
import { recorded, scale, unreadUntil, width } from "./axis.ts";
import { BareMarks } from "./bare-marks.tsx";
import { drawn } from "./drawn.ts";
import { Folds } from "./folds.tsx";
import { HoverCard } from "./hover-card.tsx";
import { LaneView } from "./lane-view.tsx";
import { Overview } from "./overview.tsx";
import { beginSight, followPlayhead } from "./sight.ts";
import { PositionMarks, Slider } from "./slider.tsx";
import { ticks } from "./ticks.ts";
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
      <Overview />
      <Ruler />
      <Slider>
        <Lanes />
        <div class="over-lanes" aria-hidden="true">
          <Folds />
          <PositionMarks />
        </div>
      </Slider>
      <HoverCard />
      <Unread />
    </div>
  );
}

function Ruler() {
  const seen = scale.value;
  return (
    <div class="ruler num" aria-hidden="true">
      {ticks(seen, TICK_ROOM_PX).map(({ at, label, x }) => (
        <span key={at} class={tickClass(x, seen.width)} style={{ transform: `translateX(${x}px)` }}>
          <i>{label}</i>
        </span>
      ))}
    </div>
  );
}

function Lanes() {
  const { at, box, pieces, seen } = drawn.value;
  return (
    <div
      class={box.lane < 20 ? "lanes dense" : "lanes"}
      aria-hidden="true"
      style={{ height: `${box.height}px` }}
    >
      <BareMarks
        at={at}
        box={box}
        errors={recorded.value.errors}
        lanes={pieces.map(({ bare }) => bare)}
        scale={seen}
      />
      {pieces.map(({ named }, row) => (
        <LaneView key={row} pieces={named} />
      ))}
    </div>
  );
}

/**
 * Of a long run the newest part is there first. Until the rest is, a bare axis
 * would say that nothing happened. Never taken out of the page: what appears in
 * it is read out only if it was there before.
 */
function Unread() {
  const until = unreadUntil.value;
  const isLate = useLate(until !== null);
  const seen = scale.value;
  const pixels = until === null ? 0 : Math.min(seen.width, Math.max(0, seen.xOf(until)));
  return (
    <div class="unread" role="status" aria-label="Timeline" style={{ width: `${pixels}px` }}>
      {isLate && <span>Reading the run’s earlier part…</span>}
    </div>
  );
}

/** Figures at either end stay inside. */
function tickClass(x: number, width: number): string {
  if (x < 20) return "first";
  return x > width - 24 ? "last" : "";
}
