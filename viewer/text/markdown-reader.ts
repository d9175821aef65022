import type { Token } from "marked";
import { BoundedLexer } from "./bounded-lexer.ts";
import type { Block } from "./markdown-node.ts";
import { blockOf } from "./markdown-tokens.ts";

/** Read at once, so that a long text costs what it is long. */
const PORTION = 16_384;
/** A block longer than this, unless it is code, is not looked into: reading it can cost its length squared. */
const MOST = 20_000;
/** Of more references nobody looks up what they lead to: each block would cost as much as there are. */
const MOST_DEFINITIONS = 500;
/** Marks within marks at the start of a line: more than anybody means. */
const DEEP = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){24}/m;

interface Settled {
  readonly raw: string;
  readonly block: Block;
}

/** What each reference leads to. */
type Definitions = ReadonlyMap<string, string>;

/**
 * Reads one text that may grow at its end. Blocks that what follows cannot change
 * are settled: they stay the same objects and are not read again. What blocks a
 * text has does not depend on how it came.
 */
export class MarkdownReader {
  #text = "";
  /** So much of the text is settled. */
  #place = 0;
  #settled: Settled[] = [];
  /** Those of the text that was read before this one. */
  #previous: readonly Settled[] = [];
  /** The one of them that comes next, most likely. */
  #next = 0;
  #first = 0;
  #own = new Map<string, string>();
  /** With these the settled blocks were read. */
  #definitions: Definitions = new Map();

  /**
   * The number of the first block. A text of which the beginning was left out has
   * its blocks with the numbers they had.
   */
  get first(): number {
    return this.#first;
  }

  read(source: string): readonly Block[] {
    const blocks = this.#read(source);
    if (this.#previous.length > 0) this.#first += placeWithin(this.#previous, this.#settled);
    this.#previous = [];
    return blocks;
  }

  #read(source: string): readonly Block[] {
    const text = source.includes("\r") ? source.replaceAll(/\r\n?/g, "\n") : source;
    if (text.length < this.#text.length || !text.startsWith(this.#text.slice(0, this.#place)))
      this.#restart();
    this.#text = text;
    let size = PORTION;
    for (;;) {
      const rest = text.length - this.#place;
      const part = text.slice(this.#place, this.#place + Math.min(size, rest));
      const deep = part.search(DEEP);
      const tokens = blockTokens(deep === -1 ? part : part.slice(0, deep));
      const count = settledOf(tokens);
      const before = this.#place;
      this.#settle(tokens.slice(0, count));
      const isStuck = this.#place === before;
      if (deep !== -1 && isStuck) return this.#with([plain(text.slice(before))], this.#definitions);
      if (deep === -1 && size >= rest && rest <= MOST) return this.#rest(tokens.slice(count));
      if (!isStuck) size = PORTION;
      else if (size < Math.min(rest, MOST)) size = MOST;
      else if (tokens[0]?.type === "code" && isFenced(tokens[0])) {
        if (size >= rest) return this.#rest(tokens.slice(count));
        size = rest;
      } else this.#settlePlain(lineEnd(text, this.#place));
    }
  }

  #restart(): void {
    this.#previous = this.#settled;
    this.#next = 0;
    this.#place = 0;
    this.#settled = [];
    this.#own = new Map();
    this.#definitions = new Map();
  }

  #settle(tokens: readonly Token[]): void {
    for (const token of tokens) {
      this.#place += token.raw.length;
      define(this.#own, token.raw);
      const [block] = this.#before(token.raw) ?? read([token.raw], this.#definitions);
      if (block !== undefined) this.#settled.push({ raw: token.raw, block });
    }
  }

  /** The block as it was read before, so that it stays the same object. */
  #before(raw: string): readonly Block[] | null {
    if (this.#previous.length === 0 || raw.includes("[")) return null;
    const isNext = this.#previous[this.#next]?.raw === raw;
    const place = isNext ? this.#next : this.#previous.findIndex((each) => each.raw === raw);
    const same = this.#previous[place];
    if (same === undefined) return null;
    this.#next = place + 1;
    return [same.block];
  }

  #settlePlain(to: number): void {
    const raw = this.#text.slice(this.#place, to);
    this.#place = to;
    this.#settled.push({ raw, block: plain(raw) });
  }

  #rest(tokens: readonly Token[]): readonly Block[] {
    const definitions = new Map(this.#own);
    for (const { raw } of tokens) define(definitions, raw);
    return this.#with(
      read(
        tokens.map(({ raw }) => raw),
        definitions,
      ),
      definitions,
    );
  }

  #with(rest: readonly Block[], definitions: Definitions): readonly Block[] {
    if (!sameDefinitions(definitions, this.#definitions)) {
      this.#definitions = definitions;
      this.#settled = this.#settled.map(({ block, raw }) => {
        if (block.kind === "plain" || block.kind === "code" || !raw.includes("[")) return { block, raw };
        const [again = block] = read([raw], definitions);
        return { raw, block: again };
      });
    }
    return [...this.#settled.map(({ block }) => block), ...rest];
  }
}

/** How many blocks of before were left out of these; all of them, if these begin elsewhere. */
function placeWithin(before: readonly Settled[], after: readonly Settled[]): number {
  for (let place = 0; place < before.length; place += 1)
    if (after.every(({ raw }, index) => (before[place + index]?.raw ?? raw) === raw)) return place;
  return before.length + 1;
}

/**
 * How many of the tokens nothing that follows can change. The last block may go
 * on; while the lines that make it what it is are not complete, it may even turn
 * out to belong to the one before.
 */
function settledOf(tokens: readonly Token[]): number {
  const last = blockBefore(tokens, tokens.length);
  return Math.max(0, isBegun(tokens[last]) ? last : blockBefore(tokens, last));
}

function isBegun(token: Token | undefined): boolean {
  if (token === undefined) return false;
  // Ends of lines before its text are none of its own.
  if (!token.raw.includes("\n", token.raw.search(/\S/))) return false;
  // Tables, and headings that are underlined, are such for their second line.
  const bySecond = token.type === "table" || token.type === "heading";
  return !bySecond || token.raw.split("\n", 3).length > 2;
}

function blockBefore(tokens: readonly Token[], index: number): number {
  let place = index - 1;
  while (place > 0 && tokens[place]?.type === "space") place -= 1;
  return place;
}

function blockTokens(text: string, definitions?: Definitions): Token[] {
  const lexer = new BoundedLexer();
  const tokens = lexer.blockTokens(text, lexer.tokens);
  if (definitions === undefined) return tokens;
  for (const [tag, href] of definitions) lexer.tokens.links[tag] = { href, title: null };
  lexer.readInlines();
  return tokens;
}

/** What each of these blocks is. */
function read(raws: readonly string[], definitions: Definitions): Block[] {
  return raws.flatMap((raw) => {
    try {
      return blockTokens(raw, definitions)
        .map(blockOf)
        .filter((block) => block !== null);
    } catch {
      return [plain(raw)];
    }
  });
}

function plain(text: string): Block {
  return { kind: "plain", text: text.replace(/\n+$/, "") };
}

function isFenced({ raw }: Token): boolean {
  return /^ {0,3}(?:`{3}|~{3})/.test(raw);
}

/** Takes in the definitions of references that stand there, perhaps inside of other blocks. */
function define(definitions: Map<string, string>, raw: string): void {
  if (!raw.includes("]:")) return;
  const lexer = new BoundedLexer();
  lexer.blockTokens(raw, lexer.tokens);
  for (const [tag, { href }] of Object.entries(lexer.tokens.links))
    if (definitions.size < MOST_DEFINITIONS && !definitions.has(tag)) definitions.set(tag, href);
}

function sameDefinitions(left: Definitions, right: Definitions): boolean {
  return left.size === right.size && [...left].every(([tag, href]) => right.get(tag) === href);
}

/** Where a block that is too long is cut: at a line's end, if it has lines. */
function lineEnd(text: string, from: number): number {
  const line = text.lastIndexOf("\n", from + MOST - 1);
  if (line > from) return line + 1;
  const code = text.charCodeAt(from + MOST - 1);
  return code >= 0xd800 && code < 0xdc00 ? from + MOST - 1 : from + MOST;
}
