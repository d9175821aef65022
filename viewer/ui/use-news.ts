import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Followed {
  /** What stands last. */
  readonly newest: string | null;
  readonly isFollowing: boolean;
  /** Only at the live edge does anything come in; elsewhere the reader brings it about. */
  readonly isLive: boolean;
  /** What is drawn is still that of before. */
  readonly isLoading: boolean;
}

/** Did something come in below while the reader was elsewhere? */
export function useNews({ isFollowing, isLive, isLoading, newest }: Followed): boolean {
  const seen = useRef<string | null>(null);
  const [hasNews, setHasNews] = useState(false);
  useLayoutEffect(() => {
    if (isFollowing || !isLive) setHasNews(false);
    else if (!isLoading && seen.current !== null && seen.current !== newest) setHasNews(true);
    if (!isLoading) seen.current = isLive ? newest : null;
  });
  return hasNews;
}
