import { type Found, type Hit, MOST_LINES_OF_MATCH } from "../protocol/found.ts";
import { Log } from "../protocol/log.ts";
import { type Excerpt, MOST_LINES_AFTER } from "./excerpt.ts";
import type { PageIndex } from "./page-index.ts";
import { PageRoom } from "./page-room.ts";
import type { LineKind } from "./paged-lines.ts";
import { parseJson } from "./parse-json.ts";
import { folded, onOneLine } from "./plain-text.ts";
import { TextFinder } from "./text-finder.ts";

/** What one answer searches: so many lines, or as many pages as make this many bytes. */
const BLOCK_LINES = 64 * Log.PAGE;
const BLOCK_BYTES = 4 * 1024 * 1024;
/** A text that stands on every line fills no answer with more than its newest hits. */
const MOST_HITS = 50;

/**
 * Lines `from` up to `to` are searched; those from `lead` on are read first, for what began before, and
 * those up to `last` for what is shown after a match.
 */
export interface Block {
  readonly lead: number;
  readonly from: number;
  readonly to: number;
  readonly last: number;
  /** Where the page of the last line ends, in bytes. */
  readonly end: number;
}

export const NOTHING_FOUND: Found = { hits: [], next: null, at: 0 };

/** The block that ends before a line; null: at the log's end. */
export function blockBefore(index: PageIndex, before: number | null): Block {
  const to = Math.min(before ?? index.lines, index.lines);
  const pageEnd = Math.ceil(to / Log.PAGE);
  const last = Math.min(to + MOST_LINES_AFTER, index.lines);
  const lastPage = Math.ceil(last / Log.PAGE);
  const end = lastPage > index.fullPages ? index.bytes : index.startOf(lastPage);
  let page = Math.max(0, pageEnd - 1);
  const isRoom = () =>
    (pageEnd - page + 1) * Log.PAGE <= BLOCK_LINES && end - index.startOf(page - 1) <= BLOCK_BYTES;
  while (page > 0 && isRoom()) page -= 1;
  const from = page * Log.PAGE;
  return { lead: Math.max(0, from - MOST_LINES_OF_MATCH), from, to, last, end };
}

/** Finds a text in the lines of one block, which are taken in order. */
export class FindInLines<Item> {
  readonly #kind: LineKind<Item>;
  readonly #block: Block;
  readonly #finder: TextFinder;
  readonly #room = new PageRoom();
  readonly #places: FoundPlace[] = [];
  #line: number;
  #newest: number;
  /** The newest stamp before the block. */
  #newestBefore: number;
  #isCut = false;
  /** What the last signs of life that were found say, if nothing else has come since. */
  #lastSign: string | null = null;

  constructor(kind: LineKind<Item>, query: string, block: Block, newest: number) {
    this.#kind = kind;
    this.#block = block;
    this.#finder = new TextFinder(plainQuery(query));
    this.#line = block.lead;
    this.#newest = newest;
    this.#newestBefore = newest;
  }

  take(bytes: Buffer | null): void {
    const line = this.#line;
    this.#line += 1;
    if (line >= this.#block.last || bytes === null || !this.#room.has(line, bytes.length + 1)) return;
    const parsed = parseJson(bytes.toString(), this.#kind.schema);
    if (parsed.kind === "bad") return;
    const stamp = Date.parse(this.#kind.stampOf(parsed.value));
    if (stamp > this.#newest) this.#newest = stamp;
    const said = this.#kind.saidIn(parsed.value);
    const excerpt = this.#finder.take(line, said);
    const isRepeat = this.#isRepeat(parsed.value, excerpt);
    if (line < this.#block.from) this.#newestBefore = this.#newest;
    else if (line < this.#block.to && excerpt !== null && said !== null && !isRepeat) {
      const attempt = this.#kind.attemptOf?.(parsed.value) ?? undefined;
      this.#add({ line, at: timeOf(this.#newest), kind: said.kind, attempt, excerpt });
    }
  }

  found(): Found {
    const oldest = this.#places[0];
    const hits = this.#places.map(hitOf).toReversed();
    if (this.#isCut && oldest !== undefined) return { hits, next: oldest.line, at: oldest.at };
    const { from } = this.#block;
    return { hits, next: from === 0 ? null : from, at: timeOf(this.#newestBefore) };
  }

  /** A heartbeat says what its attempt is at, again and again: what counts is when it said it first. */
  #isRepeat(item: Item, excerpt: Excerpt | null): boolean {
    if (!this.#kind.isHeartbeat(item)) this.#lastSign = null;
    else if (excerpt !== null) {
      const isSaidAgain = excerpt.text === this.#lastSign;
      this.#lastSign = excerpt.text;
      return isSaidAgain;
    }
    return false;
  }

  #add(place: FoundPlace): void {
    this.#places.push(place);
    if (this.#places.length <= MOST_HITS) return;
    this.#places.shift();
    this.#isCut = true;
  }
}

interface FoundPlace extends Pick<Hit, "line" | "at" | "kind" | "attempt"> {
  readonly excerpt: Excerpt;
}

function hitOf({ at, attempt, excerpt, kind, line }: FoundPlace): Hit {
  return {
    line,
    at,
    kind,
    ...(attempt === undefined ? {} : { attempt }),
    text: excerpt.text,
    match: [...excerpt.match],
  };
}

/** What a person typed, as it is compared. */
function plainQuery(typed: string): string {
  return folded(onOneLine(typed).trim());
}

/** Where no line has told a time yet, it was known from the start. */
function timeOf(newest: number): number {
  return Number.isFinite(newest) ? newest : 0;
}
