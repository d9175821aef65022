import { lastPlaceOf } from "./words-in.ts";
import "./show-words.css";

/** What marks words that somebody went to; the stylesheet names it, too. */
const MARK = "sought";

/**
 * Brings words within an element into view and marks them, also where they are
 * drawn only later: parts of the page come when they are needed. No element is
 * changed. Gives what ends it.
 */
export function showWords(element: Element, words: string): () => void {
  let frame = 0;
  let isShown = false;
  const mark = () => {
    const range = rangeOf(element, words);
    if (range === null) return;
    if ("highlights" in CSS) CSS.highlights.set(MARK, new Highlight(range));
    if (isShown) return;
    isShown = true;
    intoView(range.startContainer.parentElement);
    // What was opened for it is measured first, which may scroll.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => intoView(range.startContainer.parentElement));
    });
  };
  intoView(element);
  mark();
  const observer = new MutationObserver(mark);
  observer.observe(element, { childList: true, characterData: true, subtree: true });
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    if ("highlights" in CSS) CSS.highlights.delete(MARK);
  };
}

function intoView(element: Element | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function rangeOf(element: Element, words: string): Range | null {
  const nodes: Text[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node instanceof Text) nodes.push(node);
  const place = lastPlaceOf(
    words,
    nodes.map(({ data }) => data),
  );
  const from = nodes[place?.from.text ?? -1];
  const to = nodes[place?.to.text ?? -1];
  if (place === null || from === undefined || to === undefined) return null;
  const range = new Range();
  range.setStart(from, place.from.offset);
  range.setEnd(to, place.to.offset);
  return range;
}
