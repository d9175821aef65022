import { useMemo, useState } from "preact/hooks";
import { Markdown } from "../text/markdown.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import { memo } from "../ui/memo.ts";
import { outcomeWord, PlanGlyph } from "../ui/status-mark.tsx";
import type { AgentEntry, Entry, NoticeEntry, PlanEntry, ThoughtEntry, UserEntry } from "./entry.ts";
import { frontOf, pagesFrom, pagesStep } from "./last-pages.ts";
import { noticeParts } from "./notice-parts.ts";
import { thoughtWords } from "./thought-words.ts";
import { useOpened } from "./use-opened.ts";
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
  /** Does somebody look for words in it? Then it is open. */
  readonly isSought: boolean;
}

/** An entry is another object only when it changed, so a streamed part draws one message again. */
export const EntryView = memo<Props>(({ alive, entry, isSought, newest, rest, streaming }) => {
  switch (entry.kind) {
    case "user":
      return <UserMessage entry={entry} rest={rest} />;
    case "agent":
      return <AgentMessage entry={entry} newest={newest} rest={rest} streaming={streaming} />;
    case "thought":
      return <Thought entry={entry} isSought={isSought} rest={rest} streaming={streaming} />;
    case "plan":
      return <Plan entry={entry} alive={alive} />;
    case "tool":
      return <ToolCall entry={entry} alive={alive} isSought={isSought} />;
    case "notice":
      return <Notice entry={entry} isSought={isSought} />;
  }
});

/** Before what is only the rest: what was said before it lies further back. */
function restOf(text: string, rest: boolean): string {
  return rest ? `… ${text}` : text;
}

function UserMessage({ entry, rest }: { readonly entry: UserEntry; readonly rest: boolean }) {
  return (
    <blockquote class="user-message">
      <Who>Prompt: </Who>
      <Markdown text={restOf(entry.text, rest)} lines={8} />
    </blockquote>
  );
}

/** Who speaks, for who cannot see how it is set; not a part of what is copied. */
function Who({ children }: { readonly children: string }) {
  return <span class="hidden who">{children}</span>;
}

/** Of a message that is still the newest thing said and longer than this, the last pages are read. */
const LONG = 60_000;

interface MessageProps {
  readonly entry: AgentEntry;
  readonly newest: boolean;
  readonly rest: boolean;
  readonly streaming: boolean;
}

function AgentMessage({ entry, newest, rest, streaming }: MessageProps) {
  const [whole, setWhole] = useState(false);
  const { text } = entry;
  const tailOnly = newest && text.length > LONG && !whole;
  const step = tailOnly ? pagesStep(text.length) : 0;
  // A window may take in or lose the front of a text that stays as long as it is.
  const front = frontOf(text, step);
  const { from, opening } = useMemo(() => pagesFrom(front, step), [front, step]);
  const shown = from === 0 ? restOf(text, rest) : opening + text.slice(from);
  return (
    <div class="agent-message">
      <Who>Agent: </Who>
      {tailOnly && (
        <button type="button" class="button earlier" onClick={() => setWhole(true)}>
          {rest ? "Show more of it" : "Show from its start"}
        </button>
      )}
      <Markdown text={shown} growing={streaming} />
    </div>
  );
}

interface ThoughtProps {
  readonly entry: ThoughtEntry;
  readonly isSought: boolean;
  readonly rest: boolean;
  readonly streaming: boolean;
}

/** Folded: it is read only by who wants to know why. */
function Thought({ entry, isSought, rest, streaming }: ThoughtProps) {
  const [open, setOpen] = useOpened(isSought);
  const text = restOf(entry.text, rest);
  return (
    <details class="thought" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{thoughtWords(entry, { rest, streaming })}</summary>
      <div class="thought-text">
        {open ? <Markdown text={text} growing={streaming} /> : <FoldedText text={text} lines={40} />}
      </div>
    </details>
  );
}

interface PlanProps {
  readonly entry: PlanEntry;
  readonly alive: boolean;
}

function Plan({ alive, entry }: PlanProps) {
  return (
    <div class="plan">
      <h3>Plan</h3>
      <ul>
        {entry.items.map((item, index) => {
          const status = planStatus(item.status, alive);
          return (
            <li key={index} class={status}>
              <PlanGlyph status={status} />
              <span>{item.content}</span>
              <small aria-hidden="true">{outcomeWord(status).toLowerCase()}</small>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What was going on when its turn ended goes on no more. */
function planStatus(status: string, alive: boolean): string {
  return status === "in_progress" && !alive ? "unfinished" : status;
}

function Notice({ entry, isSought }: { readonly entry: NoticeEntry; readonly isSought: boolean }) {
  const [open, setOpen] = useOpened(isSought);
  const { head, rest } = noticeParts(entry.text);
  const words = `${entry.tone === "bad" ? "✕ " : ""}${head}`;
  if (rest === null) return <p class={`entry-notice ${entry.tone}`}>{words}</p>;
  return (
    <details
      class={`entry-notice ${entry.tone}`}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {words} <span class="notice-more">{open ? "Hide" : "Show"}</span>
      </summary>
      {open && (
        <div class="notice-text">
          <FoldedText text={rest} lines={40} />
        </div>
      )}
    </details>
  );
}
