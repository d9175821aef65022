import { runs } from "../live/state.ts";
import { exactTimeOfDay } from "../ui/format.ts";
import { Glyph } from "../ui/glyph.tsx";
import { useLate } from "../ui/use-late.ts";
import { burn, ownZone, stats, way, zone } from "./shown.ts";
import { troubleOf } from "./trouble.ts";
import "./banner.css";

/** Said at the top of the page: that something is not seen, and why. */
export function Banner() {
  const trouble = troubleOf(stats.value?.watcher ?? null, runs.value?.trouble ?? []);
  return (
    <div role="status" aria-label="What is not seen">
      {trouble !== null && (
        <div class={trouble.isBad ? "now-banner bad" : "now-banner"}>
          <Glyph name="warn" />
          <div>
            <b>{trouble.title}</b>
            {trouble.sentences.length > 0 && (
              <ul>
                {trouble.sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
      <AwayNote />
      <ZoneNote />
    </div>
  );
}

/** Which hours a day has must not be guessed. */
function ZoneNote() {
  if (zone.value === ownZone) return null;
  return (
    <div class="now-banner">
      <Glyph name="clock" />
      <div>
        <b>Days are those of {zone.value}:</b> the server does not know the time zone {ownZone}.
      </div>
    </div>
  );
}

/** A moment without a connection is no news. */
function AwayNote() {
  const isAway = way.value === "away";
  const isLate = useLate(isAway);
  if (!isAway || !isLate) return null;
  const as = burn.value === null ? "" : ` What is shown is of ${exactTimeOfDay(Date.parse(burn.value.ts))}.`;
  return (
    <div class="now-banner">
      <Glyph name="clock" />
      <div>
        <b>Nothing is heard of what happens now; it is tried again.</b>
        {as}
      </div>
    </div>
  );
}
