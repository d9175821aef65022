import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface FixedRows {
  readonly box: RefObject<HTMLDivElement | null>;
  /** The rows that are drawn: from and up to. */
  readonly from: number;
  readonly to: number;
  /** The row at which the Tab key stops; arrows lead on to others. */
  readonly stop: number;
}

/** Rows drawn above and below what is seen. */
const SPARE_ROWS = 8;

/**
 * A table of any length whose rows are all as tall, read from its top: only those
 * in view are drawn, below a head of `headPx` that stays in view. A row is what is
 * marked `data-row`, and its first link is where the arrows lead.
 */
export function useFixedRows(count: number, rowPx: number, headPx: number): FixedRows {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  const [active, setActive] = useState(0);
  const focusNext = useRef<number | null>(null);
  const stop = Math.max(0, Math.min(active, count - 1));

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = () => {
      const { clientHeight: height, scrollTop: top } = element;
      setSeen((before) => (before.top === top && before.height === height ? before : { top, height }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (focusNext.current === null) return;
    const link = box.current?.querySelector(`[data-row="${focusNext.current}"] a`);
    focusNext.current = null;
    if (link instanceof HTMLElement) link.focus({ preventScroll: true });
  });

  const from = Math.max(0, Math.min(Math.floor(seen.top / rowPx) - SPARE_ROWS, count - SPARE_ROWS));
  const to = Math.min(count, Math.ceil((seen.top + seen.height) / rowPx) + SPARE_ROWS);
  const page = Math.max(1, Math.floor(seen.height / rowPx) - 1);

  const walkTo = (row: number) => {
    const element = box.current;
    if (element === null) return;
    const next = Math.max(0, Math.min(row, count - 1));
    const top = next * rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowPx + headPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx + headPx - element.clientHeight;
    focusNext.current = next;
    setActive(next);
    setSeen({ top: element.scrollTop, height: element.clientHeight });
  };
  const heard = useRef({ onKeyDown, onFocusIn });
  heard.current = { onKeyDown, onFocusIn };
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const over = new AbortController();
    const { signal } = over;
    element.addEventListener("keydown", (event) => heard.current.onKeyDown(event), { signal });
    element.addEventListener("focusin", (event) => heard.current.onFocusIn(event), { signal });
    return () => over.abort();
  }, []);
  return { box, from, to, stop };

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || count === 0) return;
    const next = goal(event.key, stop, page, count);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    walkTo(next);
  }

  function onFocusIn({ target }: FocusEvent): void {
    const row = target instanceof Element ? target.closest("[data-row]") : null;
    const index = Number(row?.getAttribute("data-row") ?? Number.NaN);
    if (row !== null && Number.isInteger(index)) setActive(index);
  }
}

function goal(key: string, row: number, page: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return row + 1;
    case "ArrowUp":
      return row - 1;
    case "PageDown":
      return row + page;
    case "PageUp":
      return row - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
