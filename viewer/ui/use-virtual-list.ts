import { type VirtualItem, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { drawnHeight, type Heights, lastOffset, offsetAfter, type Scrolled, topOf } from "./long-scroll.ts";

/** A row's name: it is the same row wherever it stands. */
export type RowKey = string | number;

export interface ListedRows {
  readonly count: number;
  /** Another function where other rows stand than before. */
  readonly keyOf: (index: number) => RowKey;
  readonly indexOf: (key: RowKey) => number | null;
  /** Of a row, or what it is taken for until it has been measured. */
  readonly rowHeight: number;
  /** Room above the first row, and below the last. */
  readonly room: readonly [above: number, below: number];
  /** Changes where somebody went elsewhere: the end of it is what they want to see. */
  readonly arrival: string;
  /** What is drawn is still that of before. */
  readonly isLoading: boolean;
  /** Where a reader who comes with the keyboard begins; the last row where nothing tells. */
  readonly current: number | null;
  /** A row that is to be in view when somebody has gone elsewhere; otherwise the end is. */
  readonly wanted: number | null;
}

interface VirtualRow {
  readonly index: number;
  readonly key: RowKey;
  readonly top: number;
}

export interface VirtualList {
  readonly box: RefObject<HTMLElement | null>;
  readonly rows: readonly VirtualRow[];
  readonly count: number;
  readonly height: number;
  /** The reader is at the end, and stays there whatever comes. */
  readonly isFollowing: boolean;
  /** How far down the list the reader is. */
  readonly offset: number;
  readonly measure: (row: Element | null) => void;
  readonly toEnd: () => void;
  /** A row is about to be opened or closed: it stays where it is, and what is opened is brought into view. */
  readonly keep: (key: RowKey) => void;
}

/** Where a reader stands: at the end, or so far into a row. */
type Standing =
  | { readonly at: "end" }
  | { readonly at: "row"; readonly key: RowKey; readonly index: number; readonly into: number };

const AT_END: Standing = { at: "end" };
const NEAR_END_PX = 32;
const SAME_PX = 0.01;
const SETTLED_MS = 150;
/** Rows drawn above and below what is seen: a wheel is turned faster than rows are drawn. */
const SPARE_ROWS = 8;

/**
 * A list of any length, of which only the rows in view are drawn. The library
 * knows how tall rows are and which of them are in view; where the reader stands
 * is kept here, as a place in a row, so that nothing that comes in above or below
 * moves what they read. Who is at the end follows it.
 *
 * The keyboard walks the rows: a row's head is what is marked `data-head`.
 */
export function useVirtualList(rows: ListedRows): VirtualList {
  const { arrival, count, current, indexOf, isLoading, keyOf, room, rowHeight, wanted } = rows;
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ width: 0, height: 0 });
  const [, setTurn] = useState(0);
  const standing = useRef<Standing>(AT_END);
  const arrivedAt = useRef(arrival);
  const scrolled = useRef<Scrolled>({ top: 0, offset: 0 });
  const isDrawing = useRef(false);
  /** The row that the keyboard is on, and whether it is there now. */
  const active = useRef<{ readonly key: RowKey; readonly index: number; readonly hasFocus: boolean } | null>(
    null,
  );
  const focusNext = useRef(false);
  /** A row that was opened, until it is known how tall it is now. */
  const revealed = useRef<{ readonly key: RowKey; readonly before: number } | null>(null);
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const redraw = () => setTurn((turn) => turn + 1);
  const virtualizer = useMemo(() => {
    const made = new Virtualizer<HTMLElement, Element>({ ...NO_WORK, count: 0, estimateSize: () => 1 });
    made.shouldAdjustScrollPositionOnItemSizeChange = () => false;
    return made;
  }, []);
  const sizeOf = (row: Element) =>
    virtualizer.measurementsCache[virtualizer.indexFromElement(row)]?.size ?? rowHeight;
  const measure = useMemo(() => (row: Element | null) => virtualizer.measureElement(row), [virtualizer]);

  isDrawing.current = true;
  virtualizer.setOptions({
    ...NO_WORK,
    count,
    getItemKey: keyOf,
    estimateSize: () => rowHeight,
    getScrollElement: () => box.current,
    overscan: SPARE_ROWS,
    paddingStart: room[0],
    paddingEnd: room[1],
    // Rows are taken for what they were until they are laid out anyway: to ask each would have that done at once.
    measureElement: (row, entry) => Math.round(entry?.borderBoxSize[0]?.blockSize ?? sizeOf(row)),
    onChange: () => {
      if (!isDrawing.current) redraw();
    },
  });
  const heights: Heights = { rows: virtualizer.getTotalSize(), view: view.height };
  if (arrivedAt.current !== arrival && !isLoading) {
    arrivedAt.current = arrival;
    standing.current = AT_END;
    const item = wanted === null ? undefined : virtualizer.measurementsCache[wanted];
    if (item !== undefined) standAt(offsetToSee(item, lastOffset(heights)), true);
  }
  const startOf = (index: number) => virtualizer.measurementsCache[index]?.start ?? 0;
  let offset = offsetOf(standing.current, heights, indexOf, startOf, count);
  const grown = revealed.current === null ? undefined : itemOf(revealed.current.key);
  if (grown !== undefined && grown.size !== revealed.current?.before) {
    revealed.current = null;
    offset = offsetToSee(grown, offset);
    standAt(offset, false);
  }
  const isByScroll = Math.abs(offset - scrolled.current.offset) < SAME_PX;
  const top = isByScroll ? scrolled.current.top : topOf(heights, offset);
  virtualizer.scrollRect = view;
  virtualizer.scrollOffset = offset;
  const items = virtualizer.getVirtualItems().map(({ index, key, size, start }) => ({
    index,
    key: typeof key === "bigint" ? String(key) : key,
    top: placeOf(start, size),
  }));
  // The row with the focus stays, wherever it is: without it the keyboard would be nowhere.
  if (active.current?.hasFocus === true) {
    const item = itemOf(active.current.key);
    if (item !== undefined && items.every(({ index }) => index !== item.index)) {
      const kept = { index: item.index, key: active.current.key, top: placeOf(item.start, item.size) };
      if (item.index > (items.at(-1)?.index ?? -1)) items.push(kept);
      else items.unshift(kept);
    }
  }
  isDrawing.current = false;

  function itemOf(key: RowKey): VirtualItem | undefined {
    const index = indexOf(key);
    return index === null ? undefined : virtualizer.measurementsCache[index];
  }

  /** The nearest offset at which a row is in view; of one taller than the view, its beginning is. */
  function offsetToSee({ end, start }: VirtualItem, from: number): number {
    const least = end + room[1] - heights.view;
    return Math.max(0, Math.min(Math.max(from, least), start - room[0]));
  }

  /** Takes an offset for where the reader is now. */
  function standAt(next: number, mayFollow: boolean): void {
    if (mayFollow && lastOffset(heights) - next < NEAR_END_PX) {
      standing.current = AT_END;
      return;
    }
    const item = count === 0 ? undefined : virtualizer.getVirtualItemForOffset(next);
    standing.current =
      item === undefined
        ? AT_END
        : { at: "row", key: keyOf(item.index), index: item.index, into: next - item.start };
  }

  function placeOf(start: number, size: number): number {
    const place = start - offset + top;
    return Math.min(Math.max(place, 0), Math.max(0, drawnHeight(heights) - size));
  }

  // The library names what its adapters call so.
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    // oxlint-disable-next-line no-underscore-dangle
    virtualizer._willUpdate();
    const element = box.current;
    if (element === null) return;
    // To ask the box where it is would have it laid out at once; it is where it was put.
    if (top !== scrolled.current.top) element.scrollTop = top;
    scrolled.current = { top, offset };
    if (!focusNext.current) return;
    focusNext.current = false;
    const key = active.current?.key;
    const index = key === undefined ? null : indexOf(key);
    headOf(element.querySelector(`[data-index="${index}"]`))?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = () =>
      setView((before) => {
        const { clientHeight: height, clientWidth: width } = element;
        return before.width === width && before.height === height ? before : { width, height };
      });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      observer.disconnect();
      clearTimeout(settling.current);
    };
  }, [box.current]);
  useEffect(() => {
    if (active.current !== null && indexOf(active.current.key) === null) active.current = null;
  }, [indexOf]);

  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    const before = scrolled.current;
    const { scrollTop } = element;
    // Where the list was put by itself; browsers round that.
    if (Math.abs(scrollTop - before.top) < 1) return;
    const next = offsetAfter(heights, before, scrollTop);
    scrolled.current = { top: scrollTop, offset: next };
    // Who goes down to the end follows it; a way up, however short, leads away from it.
    standAt(next, next >= before.offset);
    redraw();
    // While it was scrolled a short way was as long as it looked. Now the bar is put where it belongs.
    clearTimeout(settling.current);
    if (drawnHeight(heights) < heights.rows) settling.current = setTimeout(settle, SETTLED_MS);
  };
  const settle = () => {
    const element = box.current;
    if (element === null) return;
    scrolled.current = { top: Number.NaN, offset: Number.NaN };
    redraw();
  };

  const walkTo = (index: number) => {
    const item = virtualizer.measurementsCache[index];
    if (item === undefined) return;
    active.current = { key: keyOf(index), index, hasFocus: true };
    focusNext.current = true;
    standAt(offsetToSee(item, offset), index === count - 1);
    redraw();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const element = box.current;
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || count === 0) return;
    if (element === null || !(target instanceof Element)) return;
    const isOnRow = target !== element;
    if (isOnRow && !target.matches("[data-head]")) return;
    const known = active.current === null ? null : indexOf(active.current.key);
    const from = known ?? current ?? count - 1;
    const next = isOnRow || isAtEnds(event.key) ? goal(event.key, from) : walks(event.key) ? from : null;
    if (next === null) return;
    event.preventDefault();
    walkTo(Math.min(Math.max(0, next), count - 1));
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    const row = target instanceof Element ? target.closest("[data-index]") : null;
    const index = Number(row?.getAttribute("data-index") ?? Number.NaN);
    if (Number.isInteger(index) && index < count)
      active.current = { key: keyOf(index), index, hasFocus: true };
  };
  const onFocusOut = () => {
    if (active.current !== null) active.current = { ...active.current, hasFocus: false };
  };
  const goal = (key: string, from: number): number | null => {
    const page = Math.max(1, Math.floor(heights.view / rowHeight) - 1);
    switch (key) {
      case "ArrowDown":
        return from + 1;
      case "ArrowUp":
        return from - 1;
      case "PageDown":
        return from + page;
      case "PageUp":
        return from - page;
      case "Home":
        return 0;
      case "End":
        return count - 1;
      default:
        return null;
    }
  };

  const heard = useRef({ onScroll, onKeyDown, onFocusIn, onFocusOut });
  heard.current = { onScroll, onKeyDown, onFocusIn, onFocusOut };
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const over = new AbortController();
    const { signal } = over;
    element.addEventListener("scroll", () => heard.current.onScroll(), { signal, passive: true });
    element.addEventListener("keydown", (event) => heard.current.onKeyDown(event), { signal });
    element.addEventListener("focusin", (event) => heard.current.onFocusIn(event), { signal });
    element.addEventListener("focusout", () => heard.current.onFocusOut(), { signal });
    return () => over.abort();
  }, [box.current]);

  return {
    box,
    rows: items,
    count,
    height: drawnHeight(heights),
    isFollowing: standing.current.at === "end",
    offset,
    measure,
    toEnd: () => {
      standing.current = AT_END;
      redraw();
    },
    keep: (key) => {
      const item = itemOf(key);
      if (item !== undefined) revealed.current = { key, before: item.size };
      standAt(offset, false);
      redraw();
    },
  };
}

/** What the library would do by itself and is done here. */
const NO_WORK = {
  getScrollElement: () => null,
  observeElementRect: () => {},
  observeElementOffset: () => {},
  scrollToFn: () => {},
};

function offsetOf(
  standing: Standing,
  heights: Heights,
  indexOf: (key: RowKey) => number | null,
  startOf: (index: number) => number,
  count: number,
): number {
  const last = lastOffset(heights);
  if (standing.at === "end") return last;
  // A row that is gone leaves its place to the one that stands there now.
  const index = indexOf(standing.key) ?? Math.min(standing.index, count - 1);
  return Math.min(Math.max(0, startOf(index) + standing.into), last);
}

function walks(key: string): boolean {
  return key === "ArrowDown" || key === "ArrowUp" || key === "PageDown" || key === "PageUp";
}

function isAtEnds(key: string): boolean {
  return key === "Home" || key === "End";
}

function headOf(row: Element | null): HTMLElement | null {
  const head = row?.querySelector("[data-head]");
  return head instanceof HTMLElement ? head : null;
}
