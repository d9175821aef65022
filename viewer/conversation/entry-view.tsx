import { useSignal } from "@preact/signals";
import { FoldedText } from "../ui/folded-text.tsx";
import { memo } from "../ui/memo.ts";
import { TextBlocks } from "../ui/text-blocks.tsx";
import { outcomeWord, PlanGlyph } from "../ui/status-mark.tsx";
import type { AgentEntry, Entry, NoticeEntry, PlanEntry, ThoughtEntry, UserEntry } from "./entry.ts";
import { ToolCall } from "./tool-call.tsx";
import "./entry-view.css";

interface Props {
  readonly entry: Entry;
  /** Is it only the rest of what was said? */
  readonly rest: boolean;
  /** Is its turn still being answered? What is not, never will be finished. */
  readonly alive: boolean;
  /** Is this what is being written right now? */
  readonly streaming: boolean;
  /** Does nothing come after it? Then its end is what a follower reads. */
  readonly newest: boolean;
}

/** An entry is another object only when it changed, so a streamed part draws one message again. */
export const EntryView = memo<Props>(({ alive, entry, newest, rest, streaming }) => {
  switch (entry.kind) {
    case "user":
      return <UserMessage entry={entry} rest={rest} />;
    case "agent":
      return <AgentMessage entry={entry} newest={newest} rest={rest} streaming={streaming} />;
    case "thought":
      return <Thought entry={entry} rest={rest} streaming={streaming} />;
    case "plan":
      return <Plan entry={entry} />;
    case "tool":
      return <ToolCall entry={entry} alive={alive} />;
    case "notice":
      return <Notice entry={entry} />;
  }
});

/** What was said before it lies further back. */
function Before({ rest }: { readonly rest: boolean }) {
  return rest ? <span title="It begins earlier">… </span> : null;
}

function UserMessage({ entry, rest }: { readonly entry: UserEntry; readonly rest: boolean }) {
  return (
    <blockquote class="user-message">
      <Before rest={rest} />
      <FoldedText text={entry.text} lines={8} />
    </blockquote>
  );
}

/** A message is the main reading: only one of a book's length is folded. */
const MESSAGE = 200_000;
/** Of one that is still the newest thing said and longer than this, the last pages are read. */
const LONG = 60_000;
const LAST_PAGES = 20_000;
/** Where these pages begin moves seldom, so that they need not all be laid out again. */
const PAGES_STEP = 10_000;

interface MessageProps {
  readonly entry: AgentEntry;
  readonly newest: boolean;
  readonly rest: boolean;
  readonly streaming: boolean;
}

function AgentMessage({ entry, newest, rest, streaming }: MessageProps) {
  const whole = useSignal(false);
  const { text } = entry;
  const tailOnly = newest && text.length > LONG && !whole.value;
  return (
    <div class="agent-message">
      {!tailOnly && <Before rest={rest} />}
      {tailOnly ? (
        <>
          <button type="button" class="button earlier" onClick={() => (whole.value = true)}>
            {rest ? "Show more of it" : "Show from its start"}
          </button>
          <TextBlocks text={`…${lastPages(text)}`} />
        </>
      ) : (
        <FoldedText text={text} lines={Infinity} portion={MESSAGE} />
      )}
      {streaming && <i class="caret" />}
    </div>
  );
}

function lastPages(text: string): string {
  return text.slice(Math.floor((text.length - LAST_PAGES) / PAGES_STEP) * PAGES_STEP);
}

interface ThoughtProps {
  readonly entry: ThoughtEntry;
  readonly rest: boolean;
  readonly streaming: boolean;
}

function Thought({ entry, rest, streaming }: ThoughtProps) {
  const seconds = Math.max(1, Math.round((entry.until - entry.at) / 1000));
  return (
    <details class="thought">
      <summary>{streaming ? "Thinking…" : rest ? "Thought" : `Thought for ${seconds} s`}</summary>
      <div class="thought-text">
        <Before rest={rest} />
        <FoldedText text={entry.text} lines={40} />
      </div>
    </details>
  );
}

function Plan({ entry }: { readonly entry: PlanEntry }) {
  return (
    <div class="plan">
      <h3>Plan</h3>
      <ul>
        {entry.items.map((item, index) => (
          <li key={index} class={item.status}>
            <PlanGlyph status={item.status} />
            <span>{item.content}</span>
            <small aria-hidden="true">{outcomeWord(item.status).toLowerCase()}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Notice({ entry }: { readonly entry: NoticeEntry }) {
  return (
    <p class={`entry-notice ${entry.tone}`}>
      {entry.tone === "bad" ? "✕ " : ""}
      {entry.text}
    </p>
  );
}
