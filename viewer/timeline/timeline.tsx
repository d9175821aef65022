import { useEffect, useRef } from "preact/hooks";
import { position } from "../playback/playback.ts";
import { useLate } from "../ui/use-late.ts";
import { axis, passed, unreadUntil, width } from "./axis.ts";
import { PositionMarks, Slider } from "./slider.tsx";
import { LaneView } from "./lane-view.tsx";
import { ticks } from "./ticks.ts";
import "./timeline.css";

const TICK_ROOM_PX = 90;

export function Timeline() {
  const measured = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = measured.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="timeline" ref={measured}>
      <Ruler />
      <Slider start={axis} width={width}>
        <Lanes />
        <PositionMarks axis={axis} />
      </Slider>
      <Unread />
    </div>
  );
}

function Ruler() {
  const { span } = axis.value;
  const most = Math.max(2, Math.floor(width.value / TICK_ROOM_PX));
  return (
    <div class="ruler num" aria-hidden="true">
      {ticks(span, most).map(({ at, label }) => (
        <span key={at} class={tickClass(at / span)} style={{ left: `${(at / span) * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Lanes() {
  const { lanes, span, start } = axis.value;
  void passed.value;
  const at = position.peek();
  return (
    <div class="lanes" aria-hidden="true">
      {lanes.map((lane, row) => (
        <LaneView key={row} lane={lane} start={start} span={span} at={at} width={width.value} />
      ))}
      {lanes.length === 0 && <div class="lane" />}
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
  const { span, start } = axis.value;
  const share = until === null ? 0 : Math.min(1, Math.max(0, (until - start) / span));
  return (
    <div class="unread" role="status" aria-label="Timeline" style={{ width: `${share * 100}%` }}>
      {isLate && <span>Reading the run’s earlier part…</span>}
    </div>
  );
}

/** Figures at either end stay inside. */
function tickClass(share: number): string {
  if (share === 0) return "first";
  return share > 0.97 ? "last" : "";
}
