import { useEffect } from "preact/hooks";
import { CopyButton } from "../ui/copy-button.tsx";
import { Banner } from "./banner.tsx";
import { usdOf } from "./figures.ts";
import { Limits } from "./limits.tsx";
import { countText, liveCount } from "./live-runs.ts";
import { burn, followNow, way } from "./shown.ts";
import { Side } from "./side.tsx";
import { Stream } from "./stream.tsx";
import { Ticker } from "./ticker.tsx";
import { Tiles } from "./tiles.tsx";
import "./now.css";

/** What happens this minute, over all runs, and what it costs. */
export function Now() {
  useEffect(followNow, []);
  return (
    <div class="now-page">
      <header class="now-header">
        <h1>Now</h1>
        <span class="tag">{countText(liveCount.value)}</span>
        <Way />
        <TodayFact />
        <CopyButton word="Copy link" what="to this page" text={() => new URL("/now", location.href).href} />
      </header>
      <Banner />
      <Ticker />
      <Limits />
      <div class="now-body">
        <div class="now-main">
          <Tiles />
          <Stream />
        </div>
        <Side />
      </div>
    </div>
  );
}

function TodayFact() {
  const known = burn.value;
  return (
    <span class="now-today">
      today <b class="num">{known === null ? "…" : usdOf(known.today_cost, known.unpriced_tokens)}</b>
    </span>
  );
}

/** Said where it is not as it should be. */
function Way() {
  if (way.value !== "polling") return null;
  return (
    <span class="tag" title="Event streams do not come through, so the page asks for news every 2 s.">
      by polling
    </span>
  );
}
