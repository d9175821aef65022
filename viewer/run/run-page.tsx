import { comparePanel } from "../compare/panels.ts";
import { run } from "../live/state.ts";
import { isHeard, playhead } from "../playback/playback.ts";
import { Timeline } from "../timeline/timeline.tsx";
import { Transport } from "../timeline/transport.tsx";
import { route } from "../ui/route.ts";
import { FailedRun } from "./failure.tsx";
import { RunHeader } from "./header.tsx";
import { Middle } from "./middle.tsx";
import { RunNotices } from "./notices.tsx";
import { SideTabs } from "./side-tabs.tsx";
import { isSideFolded } from "./folded-side.ts";
import { sideStyle, Splitters } from "./splitter.tsx";
import "./run-page.css";

/** The middle of the page: one run, and what there is to say when it is not there. */
export function RunPage() {
  const current = run.value;
  switch (current.kind) {
    case "none":
      return null;
    case "loading":
      return <p class="run-absent">Opening the run…</p>;
    case "missing":
      return (
        <p class="run-absent">
          {current.wasOpen ? (
            <>
              <b>The folder of this run is gone:</b> <code>{current.runId}</code>. It opens here when it comes
              back.
            </>
          ) : (
            <>
              There is no run <code>{current.runId}</code> in the watched folders. It opens here when it
              appears.
            </>
          )}
        </p>
      );
    case "failed":
      return <FailedRun failure={current} />;
    case "open":
      return <OpenRunPage key={current.runId} />;
  }
}

function OpenRunPage() {
  return (
    <div class={playhead.value.kind === "paused" || !isHeard.value ? "run-page still" : "run-page"}>
      <div class="run-top">
        <RunHeader />
        <RunNotices />
      </div>
      {route.value.beside === undefined ? <RunBody /> : <comparePanel.Panel />}
    </div>
  );
}

function RunBody() {
  return (
    <>
      <div class={isSideFolded.value ? "run-body side-folded" : "run-body"} style={sideStyle()}>
        <Middle />
        <SideTabs />
        <Splitters />
      </div>
      <div class="deck">
        <Timeline />
        <Transport />
      </div>
    </>
  );
}
