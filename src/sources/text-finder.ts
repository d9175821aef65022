import { MOST_LINES_OF_MATCH } from "../protocol/found.ts";
import type { Said, SaidKind } from "../protocol/said.ts";
import { folded, onOneLine, withoutColours } from "./plain-text.ts";

export interface Excerpt {
  readonly text: string;
  readonly match: readonly [from: number, to: number];
}

/** What is shown around a match. */
const BEFORE_CHARS = 32;
const AFTER_CHARS = 56;
/** Of what is being said, so much is kept, and cut once there is that much more. */
const KEPT_CHARS = 512;
const CUT_CHARS = 4096;

/**
 * Looks for one text in the lines of a log, taken in order. Text that came in
 * parts is joined.
 *
 * What always holds: what is found with a line follows from that line and the
 * MOST_LINES_OF_MATCH - 1 lines before it. So a log may be searched from any line
 * on, if so many are taken in before it.
 */
export class TextFinder {
  readonly #query: string;
  #open: Saying | null = null;

  /** `query` is folded and on one line, and neither empty nor longer than MOST_SEARCH_CHARS. */
  constructor(query: string) {
    this.#query = query;
  }

  /** The first match that is complete with this line. */
  take(line: number, said: Said | null): Excerpt | null {
    if (said === null) return null;
    if (said.place === "part") {
      if (this.#open?.kind !== said.kind) this.#open = new Saying(said.kind);
      return this.#open.goOn(line, said.text, this.#query);
    }
    if (said.place === "whole") this.#open = null;
    for (const text of said.texts) {
      const shown = onOneLine(withoutColours(text));
      const start = folded(shown).indexOf(this.#query);
      if (start !== -1) return excerpt(shown, 0, start, start + this.#query.length);
    }
    return null;
  }
}

/** A text that is said in parts, as far as matches may still reach back into it. */
class Saying {
  readonly kind: SaidKind;
  #shown = "";
  #folded = "";
  /** Which line each part came with, and its length. */
  #parts: { readonly line: number; length: number }[] = [];

  constructor(kind: SaidKind) {
    this.kind = kind;
  }

  goOn(line: number, text: string, query: string): Excerpt | null {
    const before = this.#shown.length;
    let more = onOneLine(text);
    if (more.startsWith(" ") && this.#shown.endsWith(" ")) more = more.slice(1);
    if (more === "") return null;
    this.#shown += more;
    this.#folded += folded(more);
    this.#parts.push({ line, length: more.length });
    let start = this.#folded.indexOf(query, Math.max(0, before - query.length + 1));
    let found: Excerpt | null = null;
    if (start !== -1) {
      const from = this.#reach(line);
      if (start < from) start = this.#folded.indexOf(query, from);
      if (start !== -1) found = excerpt(this.#shown, from, start, start + query.length);
    }
    if (this.#shown.length > CUT_CHARS) this.#cut(this.#shown.length - KEPT_CHARS);
    return found;
  }

  /** Where the first part begins that a match complete with `line` may reach back to. */
  #reach(line: number): number {
    let from = 0;
    for (const part of this.#parts) {
      if (part.line > line - MOST_LINES_OF_MATCH) break;
      from += part.length;
    }
    return from;
  }

  #cut(chars: number): void {
    this.#shown = this.#shown.slice(chars);
    this.#folded = this.#folded.slice(chars);
    let left = chars;
    let whole = 0;
    for (const part of this.#parts) {
      if (part.length > left) {
        part.length -= left;
        break;
      }
      left -= part.length;
      whole += 1;
    }
    this.#parts = this.#parts.slice(whole);
  }
}

/** The match and what stands around it, no further back than `reach`. */
function excerpt(shown: string, reach: number, start: number, end: number): Excerpt {
  let from = Math.max(reach, start - BEFORE_CHARS);
  let to = Math.min(shown.length, end + AFTER_CHARS);
  // Neither half of a pair, nor the space at an edge.
  if (from > 0 && from < start && isLowHalf(shown, from)) from += 1;
  if (to > end && isLowHalf(shown, to)) to -= 1;
  while (from < start && shown[from] === " ") from += 1;
  while (to > end && shown[to - 1] === " ") to -= 1;
  const head = start - BEFORE_CHARS > reach ? "…" : "";
  const tail = end + AFTER_CHARS < shown.length ? "…" : "";
  const place = head.length + start - from;
  return { text: head + shown.slice(from, to) + tail, match: [place, place + end - start] };
}

function isLowHalf(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
