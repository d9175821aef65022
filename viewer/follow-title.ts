import { effect } from "@preact/signals";
import { isHeard, openRun } from "./playback/playback.ts";
import { isMoving } from "./playback/run-clock.ts";
import { runTitle } from "./run/title.ts";

/** The window's title names the run, with a dot while it goes on and is heard of. */
export function startFollowingTitle(): void {
  effect(() => {
    const state = openRun.value;
    document.title =
      state === null
        ? "Runreel"
        : `${isMoving(state.status) && isHeard.value ? "● " : ""}${runTitle(state)} · Runreel`;
  });
}
