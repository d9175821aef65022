import type { RunStatus } from "../../src/protocol/status.ts";
import { failure } from "../live/state.ts";
import { Glyph } from "../ui/glyph.tsx";
import { clock, clockWithin, duration, plural } from "../ui/format.ts";
import {
  extent,
  isBehind,
  isHeard,
  isPlaying,
  jumpToLive,
  jumpToStart,
  lag,
  position,
  rate,
  setRate,
  togglePlay,
  view,
} from "../playback/playback.ts";
import { RATES } from "../playback/playhead.ts";
import { stepAttempt } from "../playback/stepping.ts";
import "./transport.css";

export function Transport() {
  return (
    <div class="transport">
      <button
        type="button"
        class="key"
        aria-label="Jump to start"
        title="Jump to start (Home)"
        onClick={jumpToStart}
      >
        <Glyph name="start" />
      </button>
      <button
        type="button"
        class="key"
        aria-label="Previous step"
        title="Previous step (Shift+Left)"
        onClick={() => stepAttempt(-1)}
      >
        <Glyph name="previous" />
      </button>
      <PlayButton />
      <button
        type="button"
        class="key"
        aria-label="Next step"
        title="Next step (Shift+Right)"
        onClick={() => stepAttempt(1)}
      >
        <Glyph name="next" />
      </button>
      <TransportClock />
      <span class="space" />
      <Behind />
      <Speeds />
      <EdgeControl />
    </div>
  );
}

function PlayButton() {
  const playing = isPlaying.value;
  return (
    <button
      type="button"
      class="key main"
      aria-label={playing ? "Pause" : "Play"}
      title={playing ? "Pause (Space)" : "Play (Space)"}
      onClick={togglePlay}
    >
      <Glyph name={playing ? "pause" : "play"} />
    </button>
  );
}

function TransportClock() {
  const { edge, ended, start } = extent.value;
  const total = ended ? edge - start : Number.POSITIVE_INFINITY;
  return (
    <span class="transport-clock num">
      {clockWithin(position.value - start, total)}
      <span class="of"> / {clockWithin(edge - start, total)}</span>
    </span>
  );
}

function Behind() {
  if (!isBehind.value) return null;
  const { ms, steps } = lag.value;
  const { ended } = extent.value;
  const seconds = Math.round(ms / 1000);
  const live = `${seconds < 120 ? `${seconds} s` : clock(ms)} behind`;
  return (
    <span class="behind">
      {steps !== null && steps > 0 && (
        <>
          <span>{plural(steps, ended ? "later step" : "new step")}</span>
          <span class="between"> · </span>
        </>
      )}
      <span class="distance">{ended ? `${duration(ms)} before the end` : live}</span>
      <span class="distance-short num" aria-hidden="true">
        −{duration(ms)}
      </span>
    </span>
  );
}

function Speeds() {
  return (
    <fieldset class="speeds num">
      <legend class="hidden">Speed</legend>
      {RATES.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="speed"
            class="hidden"
            checked={rate.value === choice}
            onChange={() => setRate(choice)}
          />
          <span>{choice}x</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The newest moment of a run that does not move is not live. */
function stillWord(status: RunStatus | undefined): string | null {
  if (status === "waiting") return "Newest · waiting";
  return status === "stalled" ? "Newest · silent" : null;
}

/** One name for the way to the newest moment, also when the run ends while one looks back. */
function EdgeControl() {
  const { ended } = extent.value;
  if (isBehind.value) {
    return (
      <button type="button" class="jump" onClick={jumpToLive} title="L">
        <i class="dot" />
        Jump to live
      </button>
    );
  }
  if (ended) return <span class="at-end">At the end</span>;
  const still = failure.value === null ? stillWord(view.value?.status) : "No longer live";
  if (still !== null) return <span class="live-badge unheard newest">{still}</span>;
  // Following an edge that nobody hears of is not live.
  const heard = isHeard.value;
  return (
    <span class={heard ? "live-badge" : "live-badge unheard"}>
      <i class="dot" />
      {heard ? "LIVE" : "Reconnecting"}
    </span>
  );
}
