import { isCoding } from "../playback/coding.ts";
import { useEffect, useState } from "preact/hooks";
import type { RunStatus } from "../../src/protocol/status.ts";
import { failure } from "../live/state.ts";
import { Glyph, type GlyphName } from "../ui/glyph.tsx";
import { clock, clockWithin, duration, plural } from "../ui/format.ts";
import {
  course,
  hasMoreToPlay,
  indexed,
  isBehind,
  isHeard,
  isPlaying,
  jumpToLive,
  jumpToStart,
  lag,
  position,
  rate,
  setRate,
  setSkipsQuiet,
  skipsQuiet,
  togglePlay,
  view,
} from "../playback/playback.ts";
import { RATES } from "../playback/playhead.ts";
import { keysShown, showKeys } from "../playback/keys.ts";
import { stepAttempt, stepError, stepNews } from "../playback/stepping.ts";
import { isFolded, recorded, scale } from "./axis.ts";
import { fineClock } from "./fine-clock.ts";
import { lazyPanel } from "../ui/lazy-panel.tsx";
import { foldQuiet, lookAtWhole } from "./sight.ts";
import "./transport.css";

const keysPanel = lazyPanel("the keys", async () => {
  const { KeysDialog } = await import("./keys-dialog.tsx");
  return KeysDialog;
});

export function Transport() {
  const isEvaluation = indexed.value?.index.isEvaluation === true;
  const [step, error] = isEvaluation ? ["result", "failed test"] : ["step", "error"];
  return (
    <div class="transport-room">
      <div class="transport">
        <div class="keys-of-play">
          <Key name="Jump to start" keys="Home" glyph="start" act={jumpToStart} />
          <Key name={`Previous ${step}`} keys="Shift+Left" glyph="previous" act={() => stepAttempt(-1)} />
          <PlayButton />
          <Key name={`Next ${step}`} keys="Shift+Right" glyph="next" act={() => stepAttempt(1)} />
        </div>
        <div class="keys-of-errors">
          <Key name={`Previous ${error}`} keys="Shift+E" glyph="previousError" act={() => stepError(-1)} />
          <Key name={`Next ${error}`} keys="E" glyph="nextError" act={() => stepError(1)} />
        </div>
        <TransportClock />
        <StepNews />
        <span class="space" />
        <Behind />
        <Toggles />
        <Speeds />
        <EdgeControl />
        <div class="keys-of-keys">
          <Key name="Show keys" keys="?" glyph="question" act={() => showKeys(true)} />
        </div>
      </div>
      {keysShown.value && <keysPanel.Panel />}
    </div>
  );
}

interface KeyProps {
  readonly name: string;
  readonly keys: string;
  readonly glyph: GlyphName;
  readonly act: () => void;
}

function Key({ act, glyph, keys, name }: KeyProps) {
  return (
    <button type="button" class="key" aria-label={name} title={`${name} (${keys})`} onClick={act}>
      <Glyph name={glyph} />
    </button>
  );
}

/** What has to do with idle time is offered once there is some, and the way back from a part while one is there. */
function Toggles() {
  const hasQuiet = recorded.value.spells.length > 0;
  const isPart = !scale.value.isWhole;
  if (!hasQuiet && !isPart) return null;
  return (
    <div class="toggles">
      {isPart && <Key name="Show all of the run" keys="0" glyph="wide" act={lookAtWhole} />}
      {hasQuiet && (
        <>
          <Toggle
            name="Fold idle"
            title="Fold idle time on the timeline"
            glyph="fold"
            isOn={isFolded.value}
            set={foldQuiet}
          />
          <Toggle
            name="Skip idle"
            title="Skip idle time while playing"
            glyph="skip"
            isOn={skipsQuiet.value}
            set={setSkipsQuiet}
          />
        </>
      )}
    </div>
  );
}

interface ToggleProps {
  readonly name: string;
  readonly title: string;
  readonly glyph: GlyphName;
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
}

function Toggle({ glyph, isOn, name, set, title }: ToggleProps) {
  return (
    <button
      type="button"
      class="key toggle"
      aria-label={name}
      aria-pressed={isOn}
      title={title}
      onClick={() => set(!isOn)}
    >
      <Glyph name={glyph} />
      <span aria-hidden="true">{name}</span>
    </button>
  );
}

const NEWS_MS = 4000;

/** That there was nothing to step to. Never taken out of the page, so that it is read out. */
function StepNews() {
  const news = stepNews.value;
  const [past, setPast] = useState<typeof news>(null);
  useEffect(() => {
    if (news === null) return undefined;
    const timer = setTimeout(() => setPast(news), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <span class="step-news" role="status" aria-label="Stepping">
      {news !== null && news !== past && news.words}
    </span>
  );
}

function PlayButton() {
  const playing = isPlaying.value;
  const hasMore = hasMoreToPlay.value;
  return (
    <button
      type="button"
      class="key main"
      aria-label={playing ? "Pause" : "Play"}
      aria-disabled={!hasMore}
      title={playing ? "Pause (Space)" : hasMore ? "Play (Space)" : "Nothing more yet"}
      onClick={togglePlay}
    >
      <Glyph name={playing ? "pause" : "play"} />
    </button>
  );
}

function TransportClock() {
  const { edge, ended, start } = course.value;
  const { isWhole, perPixel } = scale.value;
  const total = ended ? edge - start : Number.POSITIVE_INFINITY;
  const at = position.value - start;
  return (
    <span class="transport-clock num">
      {isWhole ? clockWithin(at, total) : fineClock(at, perPixel)}
      <span class="of"> / {clockWithin(edge - start, total)}</span>
    </span>
  );
}

function Behind() {
  if (!isBehind.value) return null;
  const { isTests, ms, steps } = lag.value;
  const { ended, moving } = course.value;
  const seconds = Math.round(ms / 1000);
  const time = seconds < 120 ? `${seconds} s` : clock(ms);
  // Of what stands still nobody falls behind.
  const what = isTests ? "result" : isCoding.value ? "turn" : "step";
  const distance = moving ? `${time} behind` : `${time} before the newest`;
  return (
    <span class="behind">
      {steps !== null && steps > 0 && (
        <>
          <span>{plural(steps, moving ? `new ${what}` : `later ${what}`)}</span>
          <span class="between"> · </span>
        </>
      )}
      <span class="distance">{ended ? `${duration(ms)} before the end` : distance}</span>
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
  if (status === "idle") return "Newest · idle";
  return status === "stalled" ? "Newest · silent" : null;
}

/** One name for the way to the newest moment, also when the run ends while one looks back. */
function EdgeControl() {
  const { ended } = course.value;
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
