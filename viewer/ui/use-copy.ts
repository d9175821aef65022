import { useEffect, useState } from "preact/hooks";

const SAID_FOR_MS = 2000;

/** What has become of the last copying; for a short while after it. */
export type Told = "nothing" | "copied" | "failed";

/** Puts a text on the clipboard, where the browser lets a page do so, and tells how it went. */
export function useCopy(textOf: () => string): { readonly told: Told; readonly copy: () => void } {
  const [told, setTold] = useState<Told>("nothing");
  useEffect(() => {
    if (told === "nothing") return undefined;
    const timer = setTimeout(() => setTold("nothing"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(textOf());
      setTold("copied");
    } catch {
      setTold("failed");
    }
  };
  return { told, copy: () => void copy() };
}
