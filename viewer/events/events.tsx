import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { isBehind, jumps } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { useNews } from "../ui/use-news.ts";
import { type RowKey, useVirtualList } from "../ui/use-virtual-list.ts";
import { VirtualRows } from "../ui/virtual-list.tsx";
import { type EventRow, linesOf } from "./event-row.ts";
import { EventView } from "./event-view.tsx";
import { FilterBar } from "./filter-bar.tsx";
import type { EventsView } from "./rows.ts";
import { events, filter, holdStill, letGo, searching, searchOn, showEarlier, shownStep } from "./shown.ts";
import "./events.css";

const ROW_PX = 26;
const ROOM = [4, 12] as const;
/** Who comes this close to the first row is on the way to what stands above. */
const NEAR_START_PX = 400;

/** The newest events up to the playhead: of the trace and of all sessions, in one order. */
export function Events() {
  const { isLate, isLoading, value } = usePicture("events", events);
  const rows = value?.rows ?? NO_ROWS;
  const opened = useSignal<ReadonlySet<string>>(new Set());
  // By each of its lines a row is found again, also when it has begun earlier since.
  const places = useMemo(() => {
    const found = new Map<string, number>();
    for (const [index, row] of rows.entries()) for (const { key } of linesOf(row)) found.set(key, index);
    return found;
  }, [rows]);
  const filters = useRef({ count: 0, of: filter.value });
  if (filters.current.of !== filter.value)
    filters.current = { count: filters.current.count + 1, of: filter.value };
  const list = useVirtualList({
    count: rows.length,
    keyOf: useCallback((index: number) => rows[index]?.first.key ?? index, [rows]),
    indexOf: useCallback((key: RowKey) => places.get(String(key)) ?? null, [places]),
    rowHeight: ROW_PX,
    room: ROOM,
    arrival: `${jumps.value}/${filters.current.count}/${shownStep.value ?? "all"}`,
    isLoading,
    current: null,
    wanted: null,
  });
  const { isFollowing, keep, offset } = list;
  const hasNews = useNews({
    newest: newestKey(rows.at(-1)),
    isFollowing,
    isLive: !isBehind.value,
    isLoading,
  });
  const first = rows[0]?.first.key;
  useEffect(() => {
    if (isFollowing) letGo();
    else if (first !== undefined && !isLoading) holdStill(first);
  }, [isFollowing, isLoading, first]);
  const asked = useRef<string | undefined>(undefined);
  const hasEarlier = value?.hasEarlier === true && !value.isFull;
  const isSearching = searching.value === "searching";
  useEffect(
    () => (isSearching ? searchOn() : undefined),
    [isSearching, filter.value, jumps.value, shownStep.value],
  );
  const isNearStart = !isFollowing && offset < NEAR_START_PX && searching.value === "no";
  useEffect(() => {
    if (!isNearStart || !hasEarlier || isLoading || asked.current === first) return;
    // Where the last portion had nothing to show, the next one is asked for by hand.
    asked.current = first;
    showEarlier();
  }, [isNearStart, hasEarlier, isLoading, first]);
  const kept = useRef(keep);
  kept.current = keep;
  const toggle = useCallback(
    (row: EventRow, isOpen: boolean) => {
      if (isOpened(opened.peek(), row) === isOpen) return;
      const next = new Set(opened.peek());
      if (isOpen) next.add(row.first.key);
      else for (const { key } of linesOf(row)) next.delete(key);
      opened.value = next;
      kept.current(row.first.key);
    },
    [opened],
  );
  return (
    <div class="event-frame">
      <FilterBar value={value} />
      <div class="follow-frame">
        <section
          class={`events virtual-box ${loadingClass(isLate)}`}
          aria-label="Events"
          aria-busy={isLoading}
          tabIndex={0}
          ref={list.box}
        >
          {value !== null && rows.length === 0 && <p class="nothing">{emptyText(value)}</p>}
          <VirtualRows list={list} size={rows.length} isMeasured rowClass={() => "event"}>
            {(index) => {
              const row = rows[index];
              return (
                row !== undefined && (
                  <EventView row={row} isOpen={isOpened(opened.value, row)} toggle={toggle} />
                )
              );
            }}
          </VirtualRows>
        </section>
        {isLate && <LoadingNote>Loading events…</LoadingNote>}
        {hasNews && (
          <button type="button" class="button news" onClick={list.toEnd}>
            New events ↓
          </button>
        )}
      </div>
    </div>
  );
}

/** A row stays open when it begins earlier than before, or ends later. */
function isOpened(opened: ReadonlySet<string>, row: EventRow): boolean {
  if (opened.size === 0) return false;
  for (const { key } of linesOf(row)) if (opened.has(key)) return true;
  return false;
}

function newestKey(row: EventRow | undefined): string | null {
  return row === undefined ? null : (row.rest.at(-1) ?? row.first).key;
}

const NO_ROWS: EventsView["rows"] = [];

function emptyText({ hasEarlier, types }: EventsView): string {
  if (types.size === 0) return "Nothing has happened yet.";
  if (searching.value === "searching") return "Searching…";
  return hasEarlier ? "None of the newest events matches." : "No event matches.";
}
