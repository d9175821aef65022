import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { keptText } from "../ui/kept-choice.ts";
import "./splitter.css";

/** How much of the width the side takes, in percent; null is what fits by itself. */
const LEAST = 25;
const MOST = 75;
const STEP = 3;

const kept = keptText("runreel.side");
const share = signal<number | null>(readShare(kept.read()));

function readShare(text: string | null): number | null {
  const value = Number(text);
  return text !== null && value >= LEAST && value <= MOST ? value : null;
}

function setShare(next: number | null): void {
  share.value = next === null ? null : Math.round(Math.min(MOST, Math.max(LEAST, next)) * 10) / 10;
  kept.write(share.value === null ? null : String(share.value));
}

/** What the grid of middle and side is told; nothing while the person has chosen none. */
export function sideStyle(): Record<string, string> {
  return share.value === null ? {} : { "--side": `${share.value}%` };
}

/** The line between middle and side: dragged, moved by arrow keys, and set back by a double click. */
export function Splitter() {
  const line = useRef<HTMLDivElement>(null);
  const shareNow = (): number => {
    const body = line.current?.parentElement?.getBoundingClientRect();
    const own = line.current?.getBoundingClientRect();
    if (body === undefined || own === undefined || body.width === 0) return 46;
    return ((body.right - own.left - own.width / 2) / body.width) * 100;
  };
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
      aria-valuenow={Math.round(share.value ?? 46)}
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
        const by = event.key === "ArrowLeft" ? STEP : event.key === "ArrowRight" ? -STEP : 0;
        if (by === 0) return;
        event.preventDefault();
        setShare((share.value ?? shareNow()) + by);
      }}
    />
  );
}
