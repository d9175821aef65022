import { useEffect } from "preact/hooks";
import { FindDialog } from "./find-dialog.tsx";
import { isFindOpen, startFindKeys } from "./opened.ts";

/** Runs, steps and text, found by typing. */
export function Find() {
  useEffect(startFindKeys, []);
  return isFindOpen.value ? <FindDialog /> : null;
}
