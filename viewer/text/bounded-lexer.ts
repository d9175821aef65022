import { Lexer, Tokenizer, type Tokens } from "marked";

/** A run of characters without a space that is longer is no prose. */
const LONG_WORD = /\S{1000}/;
/** Runs of marks for emphasis in one paragraph. Each is held against all that follows it. */
const MOST_MARKS = 300;
const MARKS = /[*_~]+/g;
/** A larger table is left as it was written. */
const MOST_CELLS = 4000;
/** What is longer is no heading, whatever underlines it. */
const MOST_HEADING = 2000;

/** The markdown library, as far as what it makes of a text, and the time it takes for it, follow the text's length. */
export class BoundedLexer extends Lexer {
  constructor() {
    super({ gfm: true, tokenizer: new BoundedTokenizer() });
  }

  /** Reads what stands within the blocks that have been found. */
  readInlines(): void {
    for (const { src, tokens } of this.inlineQueue) {
      if (!LONG_WORD.test(src) && !hasManyMarks(src)) this.inlineTokens(src, tokens);
      else tokens.push({ type: "text", raw: src, text: src, escaped: false });
    }
  }
}

class BoundedTokenizer extends Tokenizer {
  /** Every row gets as many cells as the head has, written or not. A table of no cells is one that is too large. */
  override table(src: string): Tokens.Table | undefined {
    const found = this.rules.block.table.exec(src);
    if (found === null) return undefined;
    const [raw, , aligns = "", body = ""] = found;
    const columns = aligns.split(/-+/).length - 1;
    const cells = columns * body.split("\n").length;
    if (cells <= Math.min(MOST_CELLS, raw.length)) return super.table(src);
    return { type: "table", raw, header: [], align: [], rows: [] };
  }

  /** Whether any later line underlines it is asked at each line of a list. */
  override lheading(src: string): Tokens.Heading | undefined {
    if (src.length <= MOST_HEADING) return super.lheading(src);
    return super.lheading(src.slice(0, src.lastIndexOf("\n", MOST_HEADING) + 1));
  }
}

function hasManyMarks(text: string): boolean {
  if (text.length <= MOST_MARKS) return false;
  let left = MOST_MARKS;
  for (const _ of text.matchAll(MARKS)) {
    left -= 1;
    if (left < 0) return true;
  }
  return false;
}
