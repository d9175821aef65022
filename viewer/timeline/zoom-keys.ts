import { useEffect } from "preact/hooks";
import type { KeyPress } from "../playback/keyboard.ts";
import { isForPlayer } from "../playback/keys.ts";
import { lookAtWhole, zoomAtPlayhead } from "./sight.ts";

const KEY_ZOOM = 1.5;

/** The keys that go nearer and further away. False: it is none of them. */
export function zoomByKey({ altKey, ctrlKey, key, metaKey }: KeyPress): boolean {
  if (ctrlKey || altKey || metaKey) return false;
  switch (key) {
    case "+":
    case "=":
      zoomAtPlayhead(1 / KEY_ZOOM);
      return true;
    case "-":
      zoomAtPlayhead(KEY_ZOOM);
      return true;
    case "0":
      lookAtWhole();
      return true;
    default:
      return false;
  }
}

/** For as long as there is a timeline, they work wherever on the page they are pressed. */
export function useZoomKeys(): void {
  useEffect(() => {
    const over = new AbortController();
    const onKey = (event: KeyboardEvent) => {
      if (isForPlayer(event) && zoomByKey(event)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey, { signal: over.signal });
    return () => over.abort();
  }, []);
}
