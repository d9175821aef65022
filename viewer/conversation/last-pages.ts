/** Of a long text that is still growing, the end that is read. */

const LAST_PAGES = 20_000;
/** Where these pages begin moves seldom, so that they need not all be read and laid out again. */
const STEP = 10_000;
/** So far a place is sought where something begins; there is as much text anyhow. */
const SEARCH = 6000;

interface Pages {
  /** So much of the text is left out. */
  readonly from: number;
  /** Stands before the pages, so that what they begin within is still what it was. */
  readonly opening: string;
}

/** Where the pages begin, roughly. */
export function pagesStep(length: number): number {
  return Math.max(0, Math.floor((length - LAST_PAGES) / STEP) * STEP);
}

/** The part of a text that its pages follow from: as long as it says the same, so do they, whatever comes after it. */
export function frontOf(text: string, step: number): string {
  return step === 0 ? "" : text.slice(0, step + SEARCH);
}

/** The pages of the text with this front from its step on: they begin with a paragraph, else with a line. */
export function pagesFrom(front: string, step: number): Pages {
  if (step === 0) return { from: 0, opening: "" };
  const near = front.slice(step);
  const paragraph = near.indexOf("\n\n");
  const line = near.indexOf("\n");
  const from = step + (paragraph !== -1 ? paragraph + 2 : line + 1);
  const fence = openFence(front.slice(0, from));
  if (fence !== null) return { from, opening: fence };
  return { from, opening: line === -1 ? "…" : "" };
}

/** The first line of the block of code that a text ends within; null where it does not. */
function openFence(text: string): string | null {
  let open: { readonly mark: string; readonly line: string } | null = null;
  for (const [line, mark = "", rest = ""] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)\n/gm))
    if (open === null) open = { mark, line };
    else if (mark.startsWith(open.mark) && rest.trim() === "") open = null;
  return open?.line ?? null;
}
