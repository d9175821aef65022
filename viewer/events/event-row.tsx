import { useState } from "preact/hooks";
import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { extent } from "../playback/playback.ts";
import { FoldedText } from "../ui/folded-text.tsx";
import { clock } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { type EventLine, sessionLine, traceLine } from "./summary.ts";
import "./event-row.css";

interface TraceProps {
  readonly at: number;
  readonly event: TraceEvent;
}

export const TraceRow = memo<TraceProps>(({ at, event }) => (
  <EventRow at={at} line={traceLine(event)} kind="trace" value={event} />
));

interface SessionProps {
  readonly at: number;
  readonly sessionId: string;
  readonly event: SessionEvent;
}

export const SessionRow = memo<SessionProps>(({ at, event, sessionId }) => (
  <EventRow at={at} line={sessionLine(sessionId, event)} kind="session" value={event} />
));

interface Props {
  readonly at: number;
  readonly line: EventLine;
  readonly kind: "trace" | "session";
  readonly value: TraceEvent | SessionEvent;
}

/** A line until it is opened; the JSON is written only then. */
function EventRow({ at, kind, line, value }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="event" open={open} onToggle={(change) => setOpen(change.currentTarget.open)}>
      <summary>
        <EventTime at={at} />
        <span class={`event-type ${kind}`}>{line.type}</span>
        <span class="event-text clip">{line.text}</span>
        <small class="event-where clip">{line.where}</small>
      </summary>
      {open && (
        <pre tabIndex={0} aria-label="Event">
          <FoldedText text={JSON.stringify(value, null, 2)} lines={60} />
        </pre>
      )}
    </details>
  );
}

function EventTime({ at }: { readonly at: number }) {
  return <span class="event-time num">{clock(at - extent.value.start)}</span>;
}
