import { useEffect, useState } from "preact/hooks";

/** What takes longer than this to come is said to be loading; before, nothing flickers. */
const SAID_AFTER_MS = 150;

/** Has this been awaited for a while? Then it is to be seen. */
export function useLate(isAwaited: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isAwaited) {
      setLate(false);
      return undefined;
    }
    const timer = setTimeout(() => setLate(true), SAID_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isAwaited]);
  return isLate && isAwaited;
}
