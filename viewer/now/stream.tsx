import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../playback/now.ts";
import { Glyph } from "../ui/glyph.tsx";
import { memo } from "../ui/memo.ts";
import { go, isPlainClick, readRoute } from "../ui/route.ts";
import { walkRows } from "../ui/walk-rows.ts";
import { EmptyStream } from "./empty-stream.tsx";
import { type Line, MOST_LINES } from "./lines.ts";
import { pausedText, type Reason, shownOf } from "./pausing.ts";
import { goingText, rowOf } from "./rows.ts";
import { held, holdLines, lines } from "./shown.ts";
import "./stream.css";

/** Nearer to the top than this nobody has scrolled. */
const TOP_PX = 4;

/** What happens, line by line, the newest first. It stands still while somebody looks at a line. */
export function Stream() {
  const box = useRef<HTMLDivElement>(null);
  const reasons = useSignal<ReadonlySet<Reason>>(new Set());
  const because = (reason: Reason, isSo: boolean) => {
    if (reasons.peek().has(reason) === isSo) return;
    const next = new Set(reasons.peek());
    if (isSo) next.add(reason);
    else next.delete(reason);
    reasons.value = next;
  };
  useSignalEffect(() => holdLines(reasons.value.size > 0));
  useEffect(() => () => holdLines(false), []);
  useEffect(() => (box.current === null ? undefined : walkRows(box.current, ".now-line")), []);
  useEffect(() => {
    const onSelection = () => because("selection", isSelectedIn(box.current));
    document.addEventListener("selectionchange", onSelection);
    return () => document.removeEventListener("selectionchange", onSelection);
  }, []);
  const shown = useComputed(() => shownOf(lines.value, held.value));
  const goOn = () => {
    if (document.activeElement instanceof HTMLElement && box.current?.contains(document.activeElement))
      document.activeElement.blur();
    document.getSelection()?.removeAllRanges();
    reasons.value = new Set();
    box.current?.scrollTo({ top: 0 });
  };
  const isPaused = held.value !== null && shown.value.lines.length > 0;
  return (
    <section class="now-stream" aria-labelledby="now-stream-title">
      <div class="now-stream-head">
        <h2 id="now-stream-title">Events</h2>
        {isPaused && (
          <button type="button" class="button now-go-on" title="Go on with the newest" onClick={goOn}>
            <Glyph name="pause" />
            {pausedText(shown.value.fresh, MOST_LINES)}
          </button>
        )}
      </div>
      <div
        class="now-lines"
        ref={box}
        onScroll={({ currentTarget }) => because("scrolled", currentTarget.scrollTop > TOP_PX)}
        onPointerEnter={({ pointerType }) => because("pointer", pointerType === "mouse")}
        onPointerLeave={() => because("pointer", false)}
        onFocusIn={() => because("focus", true)}
        onFocusOut={({ relatedTarget }) =>
          because("focus", relatedTarget instanceof Node && box.current?.contains(relatedTarget) === true)
        }
      >
        {shown.value.lines.length === 0 ? (
          <EmptyStream />
        ) : (
          <ol>
            {shown.value.lines.map((line, index) => (
              <LineView key={line.key} line={line} isStop={index === 0} />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

function isSelectedIn(box: HTMLElement | null): boolean {
  const selection = document.getSelection();
  return box !== null && selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode);
}

interface LineProps {
  readonly line: Line;
  /** Does the Tab key stop here? Arrows lead on. */
  readonly isStop: boolean;
}

const LineView = memo<LineProps>(({ isStop, line }) => {
  const row = rowOf(line, Date.now());
  return (
    <li>
      <a
        class="now-line"
        href={row.href}
        title={row.hint}
        tabIndex={isStop ? 0 : -1}
        onClick={(event) => {
          if (!isPlainClick(event) || document.getSelection()?.isCollapsed === false) return;
          event.preventDefault();
          go(readRoute(new URL(row.href, location.href)));
        }}
      >
        <span class="now-time num">{row.time}</span>
        <span class={`now-word num is-${row.tone}`}>{row.word}</span>
        <span class="now-what clip">{row.what}</span>
        <span class="now-run clip">{row.run}</span>
        <span class={`now-figure num is-${row.figureTone}`}>
          {row.since === null ? row.figure : <Going since={row.since} />}
        </span>
      </a>
    </li>
  );
});

function Going({ since }: { readonly since: number }) {
  return <>{goingText(since, now.value)}</>;
}
