import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keptText } from "../ui/kept-choice.ts";
import "./splitter.css";

/** How much of the width the side takes, in percent; null is what fits by itself. */
const LEAST = 25;
const MOST = 75;
const STEP = 3;

const kept = keptText("runreel.side");
const share = signal<number | null>(readShare(kept.read()));
/** What the side takes as it is drawn, whether somebody chose that or not. */
const measured = signal(LEAST);

function readShare(text: string | null): number | null {
  const value = Number(text);
  return text !== null && value >= LEAST && value <= MOST ? value : null;
}

function setShare(next: number | null): void {
  share.value = next === null ? null : within(next);
  kept.write(share.value === null ? null : String(share.value));
}

function within(percent: number): number {
  return Math.round(Math.min(MOST, Math.max(LEAST, percent)) * 10) / 10;
}

/** What a key makes of it; null for a key of others. */
function shareOf(key: string): number | null {
  switch (key) {
    case "ArrowLeft":
      return measured.peek() + STEP;
    case "ArrowRight":
      return measured.peek() - STEP;
    case "Home":
      return LEAST;
    case "End":
      return MOST;
    default:
      return null;
  }
}

/** What the grid of middle and side is told; nothing while the person has chosen none. */
export function sideStyle(): Record<string, string> {
  return share.value === null ? {} : { "--side": `${share.value}%` };
}

/** The line between middle and side: dragged, moved by arrow keys, and set back by a double click. */
export function Splitter() {
  const line = useRef<HTMLDivElement>(null);
  const measure = () => {
    const body = line.current?.parentElement?.getBoundingClientRect();
    const own = line.current?.getBoundingClientRect();
    // On a narrow page there is no line.
    if (body === undefined || own === undefined || own.width === 0) return;
    measured.value = within(((body.right - own.left - own.width / 2) / body.width) * 100);
  };
  useLayoutEffect(() => {
    const body = line.current?.parentElement;
    if (body === null || body === undefined) return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(body);
    return () => observer.disconnect();
  }, []);
  // The page is laid out with the share that was chosen before this is asked.
  useLayoutEffect(measure, [share.value]);
  return (
    <div
      ref={line}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the side"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={Math.round(measured.value)}
      title="Drag to resize; double click to set back"
      onDblClick={() => setShare(null)}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const body = event.currentTarget.parentElement?.getBoundingClientRect();
        if (body === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        setShare(((body.right - event.clientX) / body.width) * 100);
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
        const next = shareOf(event.key);
        if (next === null) return;
        event.preventDefault();
        setShare(next);
      }}
    />
  );
}
