/**
 * What stands on a terminal's lines after a program has written to it, with the
 * colours still as control sequences and nothing else of them. A carriage return
 * begins the line again, so of a progress bar its last state is left; whoever
 * moves about the whole screen is not followed.
 */
export function settleTerminal(text: string): string {
  if (!hasControls(text)) return text;
  const lines: string[] = [];
  let line = new Line();
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "\n" || token === "\r\n") {
      lines.push(line.text());
      line = new Line();
    } else line.write(token);
  }
  lines.push(line.text());
  return lines.join("\n");
}

/** The same without its colours. */
export function plainTerminal(text: string): string {
  return settleTerminal(text).replaceAll(COLOURS, "");
}

/** A text that was cut anywhere, without the sequence that was cut. */
export function withoutCutColour(text: string): string {
  return text.replace(CUT_COLOUR, "");
}

export function hasEscapes(text: string): boolean {
  return text.includes("\u001b[") || text.includes("\u001b]");
}

// Control characters are what this file is about.
/* oxlint-disable no-control-regex */
const CONTROLS = /[\0-\u0008\u000b-\u001f\u007f-\u009f]/;
const CUT_COLOUR = /\u001b(?:\[[\d;]*)?$/;
const COLOURS = /\u001b\[[\d;]*m/g;
/** Ends of lines, control sequences whole or cut short, other control characters, and what stands between them. */
const TOKENS =
  /\r?\n|\u001b\[[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|[\0-\u0008\u000b-\u001f\u007f-\u009f]|[^\0-\u0008\n\u000b-\u001f\u007f-\u009f]+/g;
const COLOUR = /^\u001b\[[\d;:]*m$/;
const ERASE_LINE = /^\u001b\[[012]?K$/;
/* oxlint-enable no-control-regex */

function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

/** A line while it is written: only its last state is kept, and every change of colour. */
class Line {
  #colours = "";
  #parts: string[] = [];
  /** The next text begins the line again. */
  #isBegun = false;

  write(token: string): void {
    if (token === "\r") this.#isBegun = true;
    else if (token === "\b") this.#back();
    else if (COLOUR.test(token)) this.#parts.push(token.replaceAll(":", ";"));
    else if (ERASE_LINE.test(token)) {
      if (this.#isBegun) this.#clear();
    } else if (!CONTROLS.test(token)) {
      if (this.#isBegun) this.#clear();
      this.#parts.push(token);
    }
  }

  text(): string {
    return this.#colours + this.#parts.join("");
  }

  #clear(): void {
    this.#colours += this.#parts.filter((part) => COLOUR.test(part)).join("");
    this.#parts = [];
    this.#isBegun = false;
  }

  #back(): void {
    for (let index = this.#parts.length - 1; index >= 0; index -= 1) {
      const part = this.#parts[index] ?? "";
      if (COLOUR.test(part)) continue;
      const left = part.replace(/[\ud800-\udbff]?.$/s, "");
      if (left === "") this.#parts.splice(index, 1);
      else this.#parts[index] = left;
      return;
    }
  }
}
