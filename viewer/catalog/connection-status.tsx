import type { Way } from "../live/ladder.ts";
import { link, resyncs, retryNow, way } from "../live/state.ts";
import { now } from "../playback/now.ts";
import { plural } from "../ui/format.ts";
import "./connection-status.css";

/** Always to be seen: is what the page shows up to date? */
export function ConnectionStatus() {
  const state = link.value;
  return (
    <div class="connection">
      <div role="status" aria-label="Connection" class="connection-text" title={hintOf()}>
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

/** How the page hears of news where it is not by a socket. */
const WAYS: Readonly<Record<Way, { readonly word: string; readonly hint: string } | null>> = {
  socket: null,
  stream: {
    word: "by event stream",
    hint: "Web sockets do not get through, so news comes by an event stream. Sockets are tried again by themselves.",
  },
  polling: {
    word: "by polling",
    hint: "Neither web sockets nor event streams get through, so the page asks for news every 1.5 s. Both are tried again by themselves.",
  },
};

function hintOf(): string | undefined {
  const resynced = resyncs.value === 0 ? "" : `Resynced ${plural(resyncs.value, "time")}`;
  const hint = link.value.kind === "open" ? (WAYS[way.value]?.hint ?? "") : "";
  return [hint, resynced].filter((text) => text !== "").join(" ") || undefined;
}

function ConnectionText() {
  const state = link.value;
  switch (state.kind) {
    case "connecting":
      return <span>{state.attempt === 0 ? "Connecting…" : "Reconnecting…"}</span>;
    case "open":
      return (
        <span>
          Connected{WAYS[way.value] === null ? "" : ` ${WAYS[way.value]?.word}`}
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
