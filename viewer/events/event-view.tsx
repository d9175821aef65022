import { useMemo } from "preact/hooks";
import { course, seekTo } from "../playback/playback.ts";
import { JsonTree } from "../text/json-tree.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import { clockWithin, wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { type EventLine, lineOf } from "./event-line.ts";
import {
  type EventRow as Row,
  linesOf,
  type LoggedLine,
  rowText,
  testNameOf,
  whereOf,
  wholeText,
} from "./event-row.ts";
import { shownStep } from "./shown.ts";
import "./event-view.css";

interface Props {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly toggle: (row: Row, isOpen: boolean) => void;
}

/** A line until it is opened; its JSON is drawn only then. */
export const EventView = memo<Props>(({ isOpen, row, toggle }) => {
  const { first, rest } = row;
  const { type, way } = lineOf(first);
  return (
    <>
      <EventTime at={first.at} />
      <details open={isOpen} onToggle={(change) => toggle(row, change.currentTarget.open)}>
        <summary data-head tabIndex={-1}>
          <span class={`event-type ${first.of}`}>
            <Way way={way} />
            {type}
          </span>
          <TestOf line={first} />
          <span class="event-text clip">{rowText(row)}</span>
          {rest.length > 0 && <Times count={rest.length + 1} />}
          <small class="event-where clip">{whereOf(first)}</small>
        </summary>
        {isOpen && (
          <div class="event-body">
            {rest.length === 0 ? (
              <JsonTree value={first.event} label={`${type}, the whole event`} />
            ) : (
              <Parts row={row} type={type} />
            )}
            <GoThere at={first.at} />
          </div>
        )}
      </details>
    </>
  );
});

/** Of an evaluation a line says nothing unless one knows of which test; where all are of one, that is chosen. */
function TestOf({ line }: { readonly line: LoggedLine }) {
  const name = shownStep.value === null ? testNameOf(line) : null;
  return name === null ? null : (
    <b class="event-test clip" title={name}>
      {name}
    </b>
  );
}

function Times({ count }: { readonly count: number }) {
  return (
    <span class="event-times num">
      <span aria-hidden="true">×{wholeNumber(count)}</span>
      <span class="hidden">, {wholeNumber(count)} parts</span>
    </span>
  );
}

/** What the parts say together, then each as it came. */
function Parts({ row, type }: { readonly row: Row; readonly type: string }) {
  const events = useMemo(() => Array.from(linesOf(row), ({ event }) => event), [row]);
  const text = useMemo(() => wholeText(row), [row]);
  return (
    <>
      <div class="event-said">
        <FoldedText text={text} lines={40} />
      </div>
      <JsonTree value={events} label={`${type}, the whole events`} />
    </>
  );
}

function Way({ way }: { readonly way: EventLine["way"] }) {
  if (way === null) return null;
  return (
    <>
      <span aria-hidden="true">{way === "out" ? "→ " : "← "}</span>
      <span class="hidden">{way === "out" ? "To the agent: " : "From the agent: "}</span>
    </>
  );
}

/** The keyboard finds the same in the opened event: a list of thousands is not to be walked by Tab. */
function EventTime({ at }: { readonly at: number }) {
  if (!Number.isFinite(at)) return <span class="event-time num">–</span>;
  const time = timeText(at);
  return (
    <button
      type="button"
      class="event-time num"
      tabIndex={-1}
      title="Go to this moment"
      aria-label={`Go to ${time}`}
      onClick={() => seekTo(at)}
    >
      {time}
    </button>
  );
}

function GoThere({ at }: { readonly at: number }) {
  if (!Number.isFinite(at)) return null;
  return (
    <button type="button" class="quiet-button" onClick={() => seekTo(at)}>
      Go to {timeText(at)}
    </button>
  );
}

/** With tenths: many events happen within a second. */
function timeText(at: number): string {
  return clockWithin(at - course.value.start, 0);
}
