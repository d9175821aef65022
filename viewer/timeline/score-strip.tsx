import { computed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { indexed, position } from "../playback/playback.ts";
import { shownTally } from "../playback/shown-tally.ts";
import { percent } from "../ui/percent.ts";
import { recorded, scale } from "./axis.ts";
import { type Colours, colours } from "./colours.ts";
import { type RatePoint, scoresInSight, scoresTold, type Tick } from "./score-ticks.ts";
import { SCORE_STRIP_PX } from "./scores.tsx";
import "./score-strip.css";

const HEIGHT_PX = SCORE_STRIP_PX;
const TICK_PX = 5;
/** The pass rate is drawn between the ticks of what passed, above, and of what did not, below. */
const RATE_TOP = TICK_PX + 2;
const RATE_BOTTOM = HEIGHT_PX - TICK_PX - 2;
const AHEAD = 0.4;

const scores = computed(() => {
  void recorded.value;
  const index = indexed.peek()?.index;
  return index?.isEvaluation === true ? index.trace.table.tests.scores : null;
});
/** When what is known at the playhead became known: the same for as long as nothing more is. */
const told = computed(() => scores.value?.turnBy(position.value) ?? Number.NEGATIVE_INFINITY);

/** All results in sight: the same until there is a new one, or one looks elsewhere. */
const inSight = computed(() => {
  const { edge } = recorded.value;
  const log = scores.value;
  const seen = scale.value;
  if (log === null) return null;
  const all = scoresInSight(log, seen);
  return { all, log, seen, whole: scoresTold(all, log, Number.POSITIVE_INFINITY), edge: seen.xOf(edge) };
});

const strip = computed(() => {
  const current = inSight.value;
  if (current === null) return null;
  const { all, log } = current;
  return { ...current, known: scoresTold(all, log, told.value) };
});

/** Pass and fail over time: a tick for each result, and the pass rate as it went. Later than the playhead it is pale. */
export function ScoreStrip() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paints = colours.value;
  const current = strip.value;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d") ?? null;
    if (element === null || context === null || current === null) return;
    const { edge, known, seen, whole } = current;
    const dots = Math.max(1, devicePixelRatio);
    const [wide, high] = [Math.round(seen.width * dots), Math.round(HEIGHT_PX * dots)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== high) element.height = high;
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, seen.width, HEIGHT_PX);
    context.fillStyle = paints.line;
    for (const y of [RATE_TOP, RATE_BOTTOM]) context.fillRect(0, Math.round(y), seen.width, 1);
    context.globalAlpha = AHEAD;
    paintTicks(context, whole.ticks.slice(known.ticks.length), paints);
    const now = known.rates.at(-1);
    const later = whole.rates.slice(Math.max(0, known.rates.length - 1));
    paintRate(context, now === undefined ? later : [now, ...later.slice(1)], edge, paints);
    context.globalAlpha = 1;
    paintTicks(context, known.ticks, paints);
    paintRate(context, known.rates, whole.rates[known.rates.length]?.x ?? edge, paints);
  });
  if (current === null) return null;
  const size = { width: `${current.seen.width}px`, height: `${HEIGHT_PX}px` };
  return (
    <div class="score-strip" aria-hidden="true" style={{ height: `${HEIGHT_PX}px` }}>
      <span class="score-scale top">100 % pass rate</span>
      <span class="score-scale">0 %</span>
      <canvas ref={canvas} style={size} />
      <RateLabel />
    </div>
  );
}

const LABEL_PX = 52;

/** The rate at the playhead, beside it; where that is out of sight, on its side. */
function RateLabel() {
  const rate = shownTally.value?.passRate ?? null;
  const seen = scale.value;
  const x = Math.min(seen.width, Math.max(0, seen.xOf(position.value)));
  const isLeft = x > LABEL_PX;
  return (
    <span
      class={isLeft ? "score-rate left" : "score-rate"}
      style={{ transform: `translateX(${isLeft ? x - LABEL_PX - 5 : x + 5}px)`, width: `${LABEL_PX}px` }}
    >
      <b class="num">{rate === null ? "–" : percent(rate)}</b>
    </span>
  );
}

/** The same for who does not see it. */
export function ScoreWords() {
  const tally = shownTally.value;
  if (tally === null) return null;
  const { done, errors, failed, passed, passRate, skipped, total } = tally;
  return (
    <p class="hidden">
      Results up to the playback position: {done} of {total} tests done, {passed} passed, {failed} failed,{" "}
      {errors} errors, {skipped} skipped{passRate !== null && `; pass rate ${percent(passRate)}`}.
    </p>
  );
}

function paintTicks(context: CanvasRenderingContext2D, ticks: readonly Tick[], paints: Colours): void {
  for (const { state, x } of ticks) {
    const left = Math.round(x) - 1;
    const below = HEIGHT_PX - TICK_PX;
    switch (state) {
      case "passed":
        context.fillStyle = paints.good;
        context.fillRect(left, 0, 2, TICK_PX);
        break;
      case "failed":
        context.fillStyle = paints.wedge;
        context.fillRect(left, below, 2, TICK_PX);
        break;
      case "error":
        // Broken, as its span is striped.
        context.fillStyle = paints.wedge;
        context.fillRect(left, below, 2, 2);
        context.fillRect(left, below + 3, 2, 2);
        break;
      case "skipped":
        context.fillStyle = paints.skipped;
        context.fillRect(left, below + 3, 2, 2);
    }
  }
}

/** In steps: a rate holds until the next result. */
function paintRate(
  context: CanvasRenderingContext2D,
  rates: readonly RatePoint[],
  until: number,
  paints: Colours,
): void {
  context.strokeStyle = paints.rate;
  context.lineWidth = 1.25;
  context.beginPath();
  let isDrawn = false;
  for (const [place, { rate, x }] of rates.entries()) {
    if (rate === null) continue;
    const y = Math.round(RATE_BOTTOM - rate * (RATE_BOTTOM - RATE_TOP)) + 0.5;
    if (isDrawn) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDrawn = true;
    context.lineTo(Math.max(x, rates[place + 1]?.x ?? until), y);
  }
  context.stroke();
}
