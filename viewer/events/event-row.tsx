import { extent, seekTo } from "../playback/playback.ts";
import { JsonTree } from "../text/json-tree.tsx";
import { clockWithin } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { type EventLine, lineOf } from "./event-line.ts";
import type { EventRow as Row } from "./rows.ts";
import "./event-row.css";

interface Props {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly toggle: (key: string, isOpen: boolean) => void;
}

/** A line until it is opened; its JSON is drawn only then. */
export const EventRow = memo<Props>(({ isOpen, row, toggle }) => {
  const line = lineOf(row, row.title);
  return (
    <>
      <EventTime at={row.at} />
      <details open={isOpen} onToggle={(change) => toggle(row.key, change.currentTarget.open)}>
        <summary data-head tabIndex={-1}>
          <span class={`event-type ${row.of}`}>
            <Way way={line.way} />
            {line.type}
          </span>
          <span class="event-text clip">{line.text}</span>
          <small class="event-where clip">{line.where}</small>
        </summary>
        {isOpen && (
          <div class="event-body">
            <JsonTree value={row.event} label={`${line.type}, the whole event`} />
            <GoThere at={row.at} />
          </div>
        )}
      </details>
    </>
  );
});

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
  return clockWithin(at - extent.value.start, 0);
}
