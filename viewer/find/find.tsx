import { useEffect } from "preact/hooks";
import { lazyPanel, preloadSoon } from "../ui/lazy-panel.tsx";
import { isFindOpen, startFindKeys } from "./opened.ts";

const dialog = lazyPanel("Find", async () => {
  const { FindDialog } = await import("./find-dialog.tsx");
  return FindDialog;
});

/** Runs, steps and text, found by typing. */
export function Find() {
  useEffect(startFindKeys, []);
  useEffect(() => preloadSoon([dialog]), []);
  return isFindOpen.value ? <dialog.Panel /> : null;
}
