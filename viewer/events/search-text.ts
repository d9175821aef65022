import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { fieldsOf, listOf } from "../playback/unknown.ts";
import { lineOf, type LoggedEvent } from "./event-line.ts";

/** Of a longer event the beginning is searched: a key press must not wait for megabytes. */
const MOST_CHARS = 4000;

const texts = new WeakMap<TraceEvent | SessionEvent, string>();

/** All that the event filter looks at, in small letters: the readable line, then the event's own names and values. */
export function searchTextOf(logged: LoggedEvent): string {
  let text = texts.get(logged.event);
  if (text === undefined) {
    const { text: said, type, where } = lineOf(logged);
    text = `${type}\n${where}\n${said}\n${wordsOf(contentOf(logged))}`.toLowerCase();
    texts.set(logged.event, text);
  }
  return text;
}

/** Without its number and its time, which are digits that are found everywhere. */
function contentOf(logged: LoggedEvent): unknown {
  if (logged.of === "session") return logged.event.message;
  const { artifact, nodeId, payload, sessionId } = logged.event;
  return [nodeId, sessionId, payload, artifact];
}

function wordsOf(content: unknown): string {
  const words: string[] = [];
  // What is left to look at, however deep it lies; the next is the last.
  const rest: unknown[] = [content];
  for (let left = MOST_CHARS; rest.length > 0 && left > 0;) {
    const value = rest.pop();
    const word = wordOf(value);
    if (word !== null) {
      words.push(word.slice(0, left));
      left -= word.length + 1;
    } else if (Array.isArray(value)) rest.push(...listOf(value).slice(0, left).toReversed());
    else {
      const members = Object.entries(fieldsOf(value)).slice(0, left);
      for (const [name, member] of members.toReversed()) rest.push(member, name);
    }
  }
  return words.join("\n");
}

function wordOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return null;
  }
}
