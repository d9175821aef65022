import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { RunView } from "../playback/as-of.ts";
import { newestFirst } from "../playback/newest-first.ts";
import { runIndex, view } from "../playback/playback.ts";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { SessionRow, TraceRow } from "./event-row.tsx";
import "./events.css";

const PORTION = 200;

/** The newest events up to the playhead: of the trace and of all sessions, in one order. */
export function Events() {
  const limit = useSignal(PORTION);
  const current = view.value;
  const { box, hasNews, onScroll, toEnd } = useFollowScroll(current);
  if (current === null) return null;
  const { hasEarlier, rows } = newestRows(current, limit.value);
  return (
    <div class="follow-frame">
      <div class="events" tabIndex={0} ref={box} onScroll={onScroll}>
        {hasEarlier && (
          <button type="button" class="button earlier" onClick={() => (limit.value += PORTION)}>
            Show earlier
          </button>
        )}
        {rows.length === 0 && <p class="nothing">Nothing has happened yet.</p>}
        {rows}
      </div>
      {hasNews && (
        <button type="button" class="button news" onClick={toEnd}>
          New events ↓
        </button>
      )}
    </div>
  );
}

function newestRows(current: RunView, limit: number): { rows: JSX.Element[]; hasEarlier: boolean } {
  const index = runIndex();
  // The first list is the run's own trace; the others are its sessions.
  const lists = [
    { length: current.trace.length, timeAt: (entry: number) => index.trace.at(entry) },
    ...current.sessions.map(({ events, id }) => {
      const { times } = index.session(id);
      return { length: events.length, timeAt: (entry: number) => times.at(entry) };
    }),
  ];
  const rows: JSX.Element[] = [];
  for (const { index: entry, list } of newestFirst(lists)) {
    if (rows.length === limit) return { rows: rows.toReversed(), hasEarlier: true };
    const at = lists[list]?.timeAt(entry) ?? 0;
    const key = `${list}/${entry}`;
    const session = list === 0 ? undefined : current.sessions[list - 1];
    const spoken = session?.events.at(entry);
    const traced = list === 0 ? current.trace.at(entry) : undefined;
    if (traced !== undefined) rows.push(<TraceRow key={key} at={at} event={traced} />);
    if (session !== undefined && spoken !== undefined)
      rows.push(<SessionRow key={key} at={at} sessionId={session.id} event={spoken} />);
  }
  return { rows: rows.toReversed(), hasEarlier: false };
}
