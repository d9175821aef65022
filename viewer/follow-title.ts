import { effect } from "@preact/signals";
import type { RunState } from "../src/protocol/bundle.ts";
import { verdictOf } from "../src/protocol/verdict.ts";
import { isHeard, openRun } from "./playback/playback.ts";
import { isMoving } from "./playback/run-clock.ts";
import { runTitle } from "./run/title.ts";
import { route } from "./ui/route.ts";

/**
 * The window's title names the run, with a dot while it goes on and is heard of. Of an
 * evaluation it tells how far it has come, and at its end how it came out.
 */
export function startFollowingTitle(): void {
  effect(() => {
    const state = openRun.value;
    document.title =
      state === null
        ? `${route.value.page === "now" ? "Now · " : ""}Runreel`
        : `${isMoving(state.status) && isHeard.value ? "● " : ""}${standing(state)}${runTitle(state)} · Runreel`;
  });
}

function standing({ status, tally }: RunState): string {
  if (tally === undefined) return "";
  if (isMoving(status)) return `${tally.done}/${tally.total} `;
  switch (verdictOf(status, tally)) {
    case "passed":
      return "✓ ";
    case "failed":
      return "✕ ";
    case "incomplete":
    case "skipped":
    case null:
      return "";
  }
}
