import { MOST_LINES_OF_MATCH } from "../protocol/found.ts";
import type { Said, SaidKind } from "../protocol/said.ts";
import { Excerpt } from "./excerpt.ts";
import { folded, onOneLine, withoutColours } from "./plain-text.ts";

/** Of what is being said, so much is kept, and cut once there is that much more. */
const KEPT_CHARS = 512;
const CUT_CHARS = 4096;

/**
 * Looks for one text in the lines of a log, taken in order. Text that came in
 * parts is joined.
 *
 * What always holds: what is found with a line follows from that line and the
 * MOST_LINES_OF_MATCH - 1 lines before it, and what is shown after it from the
 * next lines, as far as an excerpt reaches. So a log may be searched from any
 * line on, if so many are taken in before it and after it.
 */
export class TextFinder {
  readonly #query: string;
  #open: Saying | null = null;

  /** `query` is folded and on one line, and neither empty nor longer than MOST_SEARCH_CHARS. */
  constructor(query: string) {
    this.#query = query;
  }

  /** The first match that is complete with this line. Lines taken later may still be added to what is shown of it. */
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
      if (start !== -1) return new Excerpt(line, shown, 0, start, start + this.#query.length);
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
  /** What was found and may still be shown with more of what comes. */
  #excerpts: Excerpt[] = [];

  constructor(kind: SaidKind) {
    this.kind = kind;
  }

  goOn(line: number, text: string, query: string): Excerpt | null {
    const before = this.#shown.length;
    let more = onOneLine(text);
    if (more.startsWith(" ") && this.#shown.endsWith(" ")) more = more.slice(1);
    if (more === "") return null;
    if (this.#excerpts.length > 0) this.#excerpts = this.#excerpts.filter((each) => each.goOn(line, more));
    this.#shown += more;
    this.#folded += folded(more);
    this.#parts.push({ line, length: more.length });
    const found = this.#find(line, Math.max(0, before - query.length + 1), query);
    if (found !== null) this.#excerpts.push(found);
    if (this.#shown.length > CUT_CHARS) this.#cut(this.#shown.length - KEPT_CHARS);
    return found;
  }

  #find(line: number, from: number, query: string): Excerpt | null {
    const first = this.#folded.indexOf(query, from);
    if (first === -1) return null;
    const reach = this.#reach(line);
    const start = first < reach ? this.#folded.indexOf(query, reach) : first;
    return start === -1 ? null : new Excerpt(line, this.#shown, reach, start, start + query.length);
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
