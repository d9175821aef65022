import { effect, untracked } from "@preact/signals";
import { run, runs, wantBeside, wantRun } from "./live/state.ts";
import { course, jumpToLive, playhead, seekTo } from "./playback/playback.ts";
import { placeAt } from "./run/place.ts";
import { amend, type Route, route } from "./ui/route.ts";

/** The page and its address say the same: which run is open, and which moment of it. */

const SETTLED_MS = 300;

export function startFollowingRoute(): void {
  effect(() => wantRun(route.value.runId));
  effect(() => wantBeside(route.value.beside ?? null));

  // The first run there is opens by itself; what the person chose is never taken from them.
  effect(() => {
    const newest = runs.value?.order[0];
    if (route.value.runId === null && route.value.page === undefined && newest !== undefined)
      untracked(() => amend({ runId: newest, at: null }));
  });

  // A moment is written into the address once the playhead rests: browsers refuse hundreds of changes.
  effect(() => {
    const head = playhead.value;
    const current = run.peek();
    if (current.kind !== "open") return undefined;
    const timer = setTimeout(() => {
      if (route.peek().runId !== current.runId) return;
      if (head.kind !== "paused") return amend({ at: null, moment: undefined });
      amend({ ...placeAt(head.at), moment: undefined });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  });
}

/** The moment a run opens at, in ms after its start, if the address names one. */
export function momentOf(runId: string): number | null {
  const current = route.peek();
  return current.runId === runId ? offsetOf(current) : null;
}

/** Of the run that is open: only it tells when it began. */
function offsetOf({ at, moment }: Route): number | null {
  return moment === undefined ? at : moment - course.peek().start;
}

/** Back and forward within one run move its playhead; another run opens at its own moment. */
export function restoreMoment(next: Route): void {
  const current = run.peek();
  if (current.kind !== "open" || current.runId !== next.runId) return;
  const offset = offsetOf(next);
  if (offset === null) jumpToLive();
  else seekTo(course.peek().start + offset);
}
