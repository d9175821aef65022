import { type RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Place, placeIn, returnTo } from "./kept-place.ts";

const NEAR_END_PX = 32;
/** What grows so soon after the reader opened something is what they opened. */
const OPENING_MS = 500;
const OPENED = "details, .fold";
/** Some browsers keep the place of what is seen by themselves. */
const anchors = () => CSS.supports("overflow-anchor", "auto");

interface FollowScroll {
  readonly box: RefObject<HTMLDivElement | null>;
  /** For content whose size may change without being drawn again. */
  readonly content: (element: HTMLElement | null) => void;
  readonly onScroll: () => void;
  /** Something came in below while the reader was elsewhere. */
  readonly hasNews: boolean;
  /** Is the reader at the end? */
  readonly isFollowing: boolean;
  readonly toEnd: () => void;
  /** To be called when the reader asks for what stands above: the lines they see stay where they are. */
  readonly keepPlace: () => void;
}

interface Followed<Newest> {
  /** What stands last. */
  readonly newest: Newest;
  /** Tells of two that one was the last before the other whether there is something new to read. */
  readonly isNews: (before: Newest, after: Newest) => boolean;
  /** Only at the live edge does anything come in; elsewhere the reader brings it about. */
  readonly isLive: boolean;
  /** Counts the times that somebody went to another moment: its end is what they want to see. */
  readonly jumps: number;
  /** What is drawn is still that of before. */
  readonly isLoading: boolean;
  /** Chooses the lines among the elements of the box. */
  readonly lines: string;
}

/**
 * Keeps the end of a growing text in view for as long as the reader is there. Who
 * scrolled up is left alone by whatever comes in, until they go to another
 * moment: where they were on the page says nothing there.
 */
export function useFollowScroll<Newest>(followed: Followed<Newest>): FollowScroll {
  const { isLive, isLoading, isNews, jumps, lines, newest } = followed;
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  /** What the reader was shown last; null where they were shown no end of what goes on. */
  const seen = useRef<{ readonly newest: Newest; readonly height: number } | null>(null);
  const arrivedAt = useRef(jumps);
  /** What the reader who is elsewhere had before them when they last moved, or it was last drawn. */
  const before = useRef<Place>([]);
  /** Where the reader was when they opened or closed something, and when. */
  const opened = useRef<{ readonly place: Place; readonly at: number } | null>(null);
  /** Until what was asked for has come. */
  const kept = useRef<Place | null>(null);
  const [hasNews, setHasNews] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const follow = (next: boolean) => {
    following.current = next;
    setFollowing(next);
  };

  const toEnd = () => {
    follow(true);
    setHasNews(false);
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };

  const keepPlace = () => {
    if (box.current !== null) kept.current = placeIn(box.current, lines);
  };

  const notePlace = () => {
    if (box.current !== null && list.current !== null && !following.current && !anchors())
      before.current = placeIn(box.current, lines);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (arrivedAt.current !== jumps && !isLoading) {
      arrivedAt.current = jumps;
      kept.current = null;
      opened.current = null;
      seen.current = null;
      follow(true);
    }
    if (kept.current !== null && !isLoading) {
      returnTo(element, kept.current);
      kept.current = null;
    } else if (following.current) {
      element.scrollTop = element.scrollHeight;
    }
    lastTop.current = element.scrollTop;
    notePlace();
    const height = element.scrollHeight;
    const last = seen.current;
    if (following.current || !isLive) setHasNews(false);
    else if (last !== null && height > last.height && isNews(last.newest, newest)) setHasNews(true);
    if (!isLoading) seen.current = isLive ? { newest, height } : null;
  });

  useEffect(() => {
    if (box.current === null) return undefined;
    const element = box.current;
    const observer = new ResizeObserver(() => {
      const { current } = opened;
      if (current !== null && performance.now() - current.at < OPENING_MS) {
        // They want to read it from its beginning, not to be taken to the end of it.
        returnTo(element, current.place);
        before.current = current.place;
        if (isAtEnd(element) !== following.current) follow(isAtEnd(element));
      } else if (following.current) element.scrollTop = element.scrollHeight;
      else if (!anchors() && kept.current === null) returnTo(element, before.current);
      lastTop.current = element.scrollTop;
    });
    const noteOpening = ({ target }: Event) => {
      if (list.current !== null && target instanceof Element && target.closest(OPENED) !== null)
        opened.current = { place: placeIn(element, lines), at: performance.now() };
    };
    observer.observe(element);
    if (list.current !== null) observer.observe(list.current);
    element.addEventListener("click", noteOpening, true);
    return () => {
      observer.disconnect();
      element.removeEventListener("click", noteOpening, true);
    };
  }, [box.current, list.current]);

  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    if (isAtEnd(element)) {
      follow(true);
      setHasNews(false);
    } else if (element.scrollTop < lastTop.current) follow(false);
    lastTop.current = element.scrollTop;
    notePlace();
    if (kept.current !== null) keepPlace();
  };
  const content = useCallback((element: HTMLElement | null) => {
    list.current = element;
  }, []);
  return { box, content, onScroll, hasNews, isFollowing, toEnd, keepPlace };
}

function isAtEnd(element: Element): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
}
