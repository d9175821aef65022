import { signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keptText } from "../ui/kept-choice.ts";
import "./splitter.css";

/** A share of the run's room that a person may choose, in percent; null is what fits by itself. */
interface Share {
  readonly label: string;
  /** Of a line that lies across, what is above it has the share; otherwise what is right of it. */
  readonly isAcross: boolean;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
  readonly value: number | null;
  readonly set: (next: number | null) => void;
}

const STEP = 3;

function shareOf(name: string, shape: Pick<Share, "label" | "isAcross" | "least" | "most" | "usual">) {
  const { least, most } = shape;
  const kept = keptText(name);
  const text = kept.read();
  const read = Number(text);
  const value = signal<number | null>(text !== null && read >= least && read <= most ? read : null);
  const set = (next: number | null) => {
    value.value = next === null ? null : Math.round(Math.min(most, Math.max(least, next)) * 10) / 10;
    kept.write(value.value === null ? null : String(value.value));
  };
  return (): Share => ({ ...shape, value: value.value, set });
}

const side = shareOf("runreel.side", {
  label: "Width of the side",
  isAcross: false,
  least: 25,
  most: 75,
  usual: 46,
});
/** Where both do not fit beside each other. */
const middle = shareOf("runreel.middle-height", {
  label: "Height of the middle",
  isAcross: true,
  least: 12,
  most: 90,
  usual: 28,
});

/** What the grid of middle and side is told; nothing while the person has chosen none. */
export function sideStyle(): Record<string, string> {
  const width = side().value;
  const height = middle().value;
  return {
    ...(width === null ? {} : { "--side": `${width}%` }),
    ...(height === null ? {} : { "--middle": `${height}%` }),
  };
}

/** The lines between middle and side, of which the one is there that parts them. */
export function Splitters() {
  return (
    <>
      <Splitter share={side()} />
      <Splitter share={middle()} />
    </>
  );
}

/** Dragged, moved by arrow keys, and set back by a double click. */
function Splitter({ share }: { readonly share: Share }) {
  const { isAcross, label, least, most, set, usual, value } = share;
  const line = useRef<HTMLDivElement>(null);
  /** The share as it is drawn, whether somebody chose it or not. */
  const measured = useSignal(usual);
  const shareAt = (x: number, y: number): number | null => {
    const body = line.current?.parentElement?.getBoundingClientRect();
    if (body === undefined || body.width === 0 || body.height === 0) return null;
    return (isAcross ? (y - body.top) / body.height : (body.right - x) / body.width) * 100;
  };
  const measure = () => {
    const own = line.current?.getBoundingClientRect();
    // Of the two lines only one is there.
    if (own === undefined || own.width === 0 || own.height === 0) return;
    const now = shareAt(own.left + own.width / 2, own.top + own.height / 2);
    if (now !== null) measured.value = Math.min(most, Math.max(least, now));
  };
  useLayoutEffect(() => {
    const body = line.current?.parentElement;
    if (body === null || body === undefined) return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(body);
    return () => observer.disconnect();
  }, []);
  // The page is laid out with the share that was chosen before this is asked.
  useLayoutEffect(measure, [value]);
  const [more, less] = isAcross ? ["ArrowDown", "ArrowUp"] : ["ArrowLeft", "ArrowRight"];
  return (
    <div
      ref={line}
      class={isAcross ? "splitter across" : "splitter"}
      role="separator"
      tabIndex={0}
      aria-orientation={isAcross ? "horizontal" : "vertical"}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(measured.value)}
      title="Drag to resize; double click to set back"
      onDblClick={() => set(null)}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const next = shareAt(event.clientX, event.clientY);
        if (next !== null) set(next);
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
        const next = { [more]: measured.value + STEP, [less]: measured.value - STEP, Home: least, End: most }[
          event.key
        ];
        if (next === undefined) return;
        event.preventDefault();
        set(next);
      }}
    />
  );
}
