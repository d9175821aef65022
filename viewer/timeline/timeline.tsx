import { computed, signal, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../playback/now.ts";
import { conversationOf, extent, openRun, position, recorded } from "../playback/playback.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { packLanes } from "./lanes.ts";
import { PositionMarks, Slider } from "./slider.tsx";
import { SpanLayer } from "./span-layer.tsx";
import { attemptSpans, toolSpans } from "./spans.ts";
import { ticks } from "./ticks.ts";
import "./timeline.css";

const MOST_STEP_LANES = 3;
const MOST_TOOL_LANES = 2;
const TICK_ROOM_PX = 90;

const width = signal(0);

/** Changes when the axis must not wait for the next tick of the clock: another run, or another state of it. */
const occasion = computed(() => {
  const state = openRun.value;
  return state === null ? "" : `${state.manifest.runId} ${state.status}`;
});

/** The axis and what lies on it, a few times a second: however fast events come, lanes are packed no oftener. */
const axis = computed(() => {
  void occasion.value;
  // A run that has ended changes no more, but for its last lines: they may come after the word of its end.
  if (isTerminal(openRun.peek()?.status ?? "")) void recorded.value;
  else void now.value;
  return untracked(() => {
    const { start, edge, ended } = extent.value;
    const all = recorded.value;
    const sessions = (all?.sessions ?? []).map(({ id, events }) => ({
      id,
      conversation: conversationOf(id).at(events),
    }));
    return {
      start,
      span: Math.max(edge - start, ended ? 1 : 1000),
      edge,
      lanes: [
        ...packLanes(all === null ? [] : attemptSpans(all.attempts), MOST_STEP_LANES),
        ...packLanes(toolSpans(sessions, ended ? edge : null), MOST_TOOL_LANES),
      ],
    };
  });
});

/** Everything that starts or ends, in order: how many of these lie behind decides what a span may show. */
const boundaries = computed(() => {
  const times: number[] = [];
  for (const lane of axis.value.lanes)
    for (const { start, end } of lane) {
      times.push(start);
      if (end !== null) times.push(end);
    }
  return Float64Array.from(times).sort();
});
const passed = computed(() => {
  const times = boundaries.value;
  const at = position.value;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
});

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
  const { edge, lanes, span, start } = axis.value;
  void passed.value;
  const at = position.peek();
  return (
    <div class="lanes" aria-hidden="true">
      {lanes.map((lane, row) => (
        <SpanLayer key={row} lane={lane} start={start} span={span} edge={edge} at={at} width={width.value} />
      ))}
      {lanes.length === 0 && <div class="lane" />}
    </div>
  );
}

/** Figures at either end stay inside. */
function tickClass(share: number): string {
  if (share === 0) return "first";
  return share > 0.97 ? "last" : "";
}
