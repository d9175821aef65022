import { useEffect } from "preact/hooks";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { isBehind, jumps } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { SessionRow, TraceRow } from "./event-row.tsx";
import type { EventRow } from "./rows.ts";
import { events, holdStill, letGo, showEarlier } from "./shown.ts";
import "./events.css";

/** The newest events up to the playhead: of the trace and of all sessions, in one order. */
export function Events() {
  const { isLate, isLoading, value } = usePicture("events", events);
  const { box, hasNews, isFollowing, keepPlace, onScroll, toEnd } = useFollowScroll({
    newest: value?.rows.at(-1)?.key,
    isNews: (before, after) => before !== after,
    isLive: !isBehind.value,
    jumps: jumps.value,
    isLoading,
    lines: ".event",
  });
  const first = value?.rows[0]?.key;
  useEffect(() => {
    if (isFollowing) letGo();
    else if (first !== undefined && !isLoading) holdStill(first);
  }, [isFollowing, isLoading, first]);
  return (
    <div class="follow-frame">
      <div
        class={`events ${loadingClass(isLate)}`}
        aria-busy={isLoading}
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
      >
        {value?.hasEarlier === true && (
          <button
            type="button"
            class="button earlier"
            onClick={() => {
              keepPlace();
              showEarlier();
            }}
          >
            Show earlier
          </button>
        )}
        {value?.rows.length === 0 && <p class="nothing">Nothing has happened yet.</p>}
        {value?.rows.map((row) => rowOf(row))}
      </div>
      {isLate && <LoadingNote>Loading events…</LoadingNote>}
      {hasNews && (
        <button type="button" class="button news" onClick={toEnd}>
          New events ↓
        </button>
      )}
    </div>
  );
}

function rowOf(row: EventRow) {
  switch (row.of) {
    case "trace":
      return <TraceRow key={row.key} at={row.at} event={row.event} />;
    case "session":
      return <SessionRow key={row.key} at={row.at} sessionId={row.sessionId} event={row.event} />;
  }
}
