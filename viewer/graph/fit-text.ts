/** Text in an SVG neither wraps nor ends in dots by itself: it is cut to what there is room for. */

const MOST_KEPT = 4000;
const fitted = new Map<string, string>();
let pen: CanvasRenderingContext2D | null = null;

/** `look`: weight and size, as in "600 14px". The face is the page's. */
export function fitText(text: string, look: string, room: number): string {
  const key = `${look}/${room}/${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  if (fitted.size >= MOST_KEPT) fitted.clear();
  const fits = cut(text, widths(look), room);
  fitted.set(key, fits);
  return fits;
}

/** The first of these that there is room for; the last one is cut where none fits. */
export function firstThatFits(texts: readonly string[], look: string, room: number): string {
  const whole = texts.find((text) => fitText(text, look, room) === text);
  return whole ?? fitText(texts.at(-1) ?? "", look, room);
}

function widths(look: string): (text: string) => number {
  pen ??= document.createElement("canvas").getContext("2d");
  const own = pen;
  if (own === null) return (text) => text.length * 8;
  own.font = `${look} ${getComputedStyle(document.body).fontFamily}`;
  return (text) => own.measureText(text).width;
}

function cut(text: string, width: (text: string) => number, room: number): string {
  // A name as long as a page is not measured.
  const letters = Array.from(text.slice(0, 400));
  if (text.length <= 400 && width(text) <= room) return text;
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (width(`${letters.slice(0, middle).join("")}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}
