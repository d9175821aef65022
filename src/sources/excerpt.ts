/** What is shown around a match. */
const BEFORE_CHARS = 32;
const AFTER_CHARS = 56;
/** What is said so many lines later belongs to no excerpt any more. */
export const MOST_LINES_AFTER = 64;

/** A match and what stands around it, no further back than `reach`. */
export class Excerpt {
  readonly match: readonly [from: number, to: number];
  readonly #line: number;
  #text: string;
  /** Characters that may still be added. */
  #room: number;

  constructor(line: number, said: string, reach: number, start: number, end: number) {
    this.#line = line;
    let from = Math.max(reach, start - BEFORE_CHARS);
    if (from > 0 && from < start && isLowHalf(said, from)) from += 1;
    while (from < start && said[from] === " ") from += 1;
    const head = start - BEFORE_CHARS > reach ? "…" : "";
    const place = head.length + start - from;
    this.match = [place, place + end - start];
    this.#text = head + said.slice(from, end);
    this.#room = AFTER_CHARS;
    this.#add(said.slice(end, end + AFTER_CHARS + 1));
  }

  get text(): string {
    return this.#text.trimEnd();
  }

  /** Adds what was said with a later line; false: nothing more is added. */
  goOn(line: number, said: string): boolean {
    if (line >= this.#line + MOST_LINES_AFTER) return false;
    this.#add(said);
    return this.#room >= 0;
  }

  #add(said: string): void {
    if (this.#room < 0) return;
    if (said.length <= this.#room) {
      this.#text += said;
      this.#room -= said.length;
      return;
    }
    const to = isLowHalf(said, this.#room) ? this.#room - 1 : this.#room;
    this.#text = `${(this.#text + said.slice(0, to)).trimEnd()}…`;
    this.#room = -1;
  }
}

/** The second half of a pair that makes one character. */
function isLowHalf(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
