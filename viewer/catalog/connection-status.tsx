import { link, resyncs, retryNow } from "../live/state.ts";
import { now } from "../playback/now.ts";
import { plural } from "../ui/format.ts";
import "./connection-status.css";

/** Always to be seen: is what the page shows up to date? */
export function ConnectionStatus() {
  const state = link.value;
  return (
    <div class="connection">
      <div
        role="status"
        aria-label="Connection"
        class="connection-text"
        title={resyncs.value === 0 ? undefined : `Resynced ${plural(resyncs.value, "time")}`}
      >
        <i class={`connection-dot ${state.kind}`} />
        <ConnectionText />
      </div>
      {state.kind === "waiting" && (
        <button type="button" class="quiet-button" onClick={retryNow}>
          Retry now
        </button>
      )}
    </div>
  );
}

function ConnectionText() {
  const state = link.value;
  switch (state.kind) {
    case "connecting":
      return <span>{state.attempt === 0 ? "Connecting…" : "Reconnecting…"}</span>;
    case "open":
      return (
        <span>
          Connected
          {state.latencyMs !== null && (
            // It changes all the time, and is nothing to be told of.
            <span aria-hidden="true">
              {" · "}
              <span class="num">{state.latencyMs} ms</span>
            </span>
          )}
        </span>
      );
    case "waiting": {
      const seconds = Math.ceil((state.retryAt - now.value) / 1000);
      return <span>{seconds > 0 ? `Reconnecting in ${seconds} s` : "Reconnecting…"}</span>;
    }
  }
}
