import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { inView, keptTop, type Scrolled, topToSee } from "./kept-place.ts";

/** Rows drawn above and below what is seen: a wheel is turned faster than rows are drawn. */
const SPARE_ROWS = 8;

interface Named {
  /** No two rows have the same. */
  readonly line: number;
}

interface Windowed<Row> {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly rows: readonly Row[];
  readonly rowHeight: number;
  /** Another one where somebody asked for something else: then it begins at the top. */
  readonly asked: unknown;
  /** Where a reader who comes with the keyboard begins; null: at the first row. */
  readonly current: number | null;
  /** Another one where somebody chose a row, here or elsewhere: the current one comes into view. */
  readonly wanted: number | null;
  /** The keyboard has gone to a row. */
  readonly walked: (row: Row) => void;
}

interface RowWindow {
  readonly table: RefObject<HTMLTableElement | null>;
  /** The places of the rows to be drawn, in their order. */
  readonly places: readonly number[];
  /** Leads the keyboard to the row at a place; nowhere where there is none. */
  readonly walkTo: (place: number) => void;
}

/**
 * Of a table of any length the rows in view. Rows are all as high as each other,
 * so where they stand is reckoned; where a reader is among them is kept while
 * others come in (see kept-place.ts). The arrows, Page Up and Down, Home and End walk the rows,
 * and the one with the focus is drawn wherever it stands.
 */
export function useRowWindow<Row extends Named>(given: Windowed<Row>): RowWindow {
  const { asked, box, current, rowHeight, rows, walked, wanted } = given;
  const table = useRef<HTMLTableElement>(null);
  const [, setTurn] = useState(0);
  const redraw = () => setTurn((turn) => turn + 1);
  const seen = useRef<Omit<Scrolled, "rowHeight">>({ top: 0, height: 0, rowsTop: 0, headHeight: 0 });
  /** Where the box was put, or was found to be. To ask it would have it laid out at once. */
  const put = useRef(0);
  const before = useRef({ rows, asked, rowHeight });
  /** The row that the keyboard is on, and whether it is there now. */
  const active = useRef<{ readonly line: number; readonly hasFocus: boolean } | null>(null);
  const focusNext = useRef(false);

  const indexOf = (line: number) => rows.findIndex((row) => row.line === line);
  const scrolled = (): Scrolled => ({ ...seen.current, rowHeight });
  const last = before.current;
  if (last.rows !== rows || last.rowHeight !== rowHeight) {
    const { headHeight, rowsTop, top } = seen.current;
    const focused = last.rows.find(
      (row) => active.current?.hasFocus === true && row.line === active.current.line,
    );
    const next =
      last.asked === asked
        ? keptTop(last.rows, rows, { ...seen.current, rowHeight: last.rowHeight }, focused ?? null)
        : Math.min(top, Math.max(0, rowsTop - headHeight));
    // A shorter list ends where its last row does.
    const most = Math.max(0, rowsTop + rows.length * rowHeight + rowHeight - seen.current.height);
    seen.current = { ...seen.current, top: Math.min(next, most) };
    before.current = { rows, asked, rowHeight };
  }
  const { from, to } = inView(scrolled(), SPARE_ROWS);
  const places: number[] = [];
  for (let place = from; place < Math.min(to, rows.length); place += 1) places.push(place);
  const hadFocus = active.current?.hasFocus === true;
  if (hadFocus && active.current !== null) {
    const place = indexOf(active.current.line);
    if (place !== -1 && (place < from || place >= to)) {
      if (place < from) places.unshift(place);
      else places.push(place);
    }
  }

  const headOf = (line: number | undefined) =>
    line === undefined ? null : (table.current?.querySelector<HTMLElement>(`[data-line="${line}"]`) ?? null);

  /** Where things stand in the box; to ask for that has it laid out. */
  const look = () => {
    const element = box.current;
    const body = table.current?.tBodies[0];
    if (element === null || body === undefined) return;
    const edge = element.getBoundingClientRect().top + element.clientTop;
    const rowsTop = body.getBoundingClientRect().top - edge + element.scrollTop;
    const headHeight = table.current?.tHead?.offsetHeight ?? 0;
    const { clientHeight: height, scrollTop: top } = element;
    put.current = top;
    const known = seen.current;
    if (
      known.top === top &&
      known.height === height &&
      known.rowsTop === rowsTop &&
      known.headHeight === headHeight
    )
      return;
    seen.current = { top, height, rowsTop, headHeight };
    redraw();
  };

  const onScroll = () => {
    const top = box.current?.scrollTop ?? 0;
    put.current = top;
    seen.current = { ...seen.current, top };
    const next = inView(scrolled(), SPARE_ROWS);
    if (next.from !== from || next.to !== to) redraw();
  };

  const walkTo = (place: number) => {
    const row = rows[place];
    if (row === undefined) return;
    active.current = { line: row.line, hasFocus: true };
    focusNext.current = true;
    seen.current = { ...seen.current, top: topToSee(place, scrolled()) };
    redraw();
    walked(row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    // Beside the table there may be fields, which need these keys themselves.
    if (!(target instanceof Element) || target.closest("table") === null || rows.length === 0) return;
    const isOnRow = target.matches("[data-line]");
    const known = active.current === null ? -1 : indexOf(active.current.line);
    const begin = known === -1 ? (current ?? 0) : known;
    const page = Math.max(1, Math.floor(seen.current.height / rowHeight) - 2);
    const next = goal(event.key, begin, page, rows.length, isOnRow);
    if (next === null) return;
    event.preventDefault();
    walkTo(Math.min(Math.max(0, next), rows.length - 1));
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    const line = target instanceof Element ? target.getAttribute("data-line") : null;
    if (line !== null) active.current = { line: Number(line), hasFocus: true };
  };
  const onFocusOut = () => {
    if (active.current !== null) active.current = { ...active.current, hasFocus: false };
  };

  const heard = useRef({ look, onScroll, onKeyDown, onFocusIn, onFocusOut });
  heard.current = { look, onScroll, onKeyDown, onFocusIn, onFocusOut };
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (put.current !== seen.current.top) {
      put.current = seen.current.top;
      element.scrollTop = put.current;
    }
    // A browser takes the focus from what is put elsewhere.
    const isLost = hadFocus && document.activeElement === document.body;
    if (!focusNext.current && !isLost) return;
    focusNext.current = false;
    headOf(active.current?.line)?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || wanted === null || current === null) return;
    element.scrollTop = topToSee(current, scrolled());
    heard.current.look();
  }, [wanted, current === null]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    heard.current.look();
    const over = new AbortController();
    const { signal } = over;
    element.addEventListener("scroll", () => heard.current.onScroll(), { signal, passive: true });
    element.addEventListener("keydown", (event) => heard.current.onKeyDown(event), { signal });
    element.addEventListener("focusin", (event) => heard.current.onFocusIn(event), { signal });
    element.addEventListener("focusout", () => heard.current.onFocusOut(), { signal });
    const observer = new ResizeObserver(() => heard.current.look());
    for (const each of element.children) observer.observe(each);
    observer.observe(element);
    return () => {
      over.abort();
      observer.disconnect();
    };
  }, [box.current]);

  return { table, places, walkTo };
}

function goal(key: string, from: number, page: number, count: number, isOnRow: boolean): number | null {
  // The first press leads to the row that one begins with.
  const step = isOnRow ? 1 : 0;
  switch (key) {
    case "ArrowDown":
      return from + step;
    case "ArrowUp":
      return from - step;
    case "PageDown":
      return from + step * page;
    case "PageUp":
      return from - step * page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
