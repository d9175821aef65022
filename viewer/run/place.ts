import { course, playhead, position } from "../playback/playback.ts";
import { amend, go, type Route, route } from "../ui/route.ts";
import { homeTab, shownTab } from "./opening.ts";

/** The moment and the tab that are shown, as the address says them. */
type Place = Pick<Route, "at" | "tabThen">;

export function placeAt(at: number): Place {
  // Who opens a moment sees what was shown at it, also where no tab was chosen.
  const tab = shownTab.peek();
  const offset = Math.max(0, Math.floor(at - course.peek().start));
  return { at: offset, tabThen: tab === homeTab.peek() ? null : tab };
}

/** For who is about to go far: going back leads to what is shown now. */
export function keepPlace(): void {
  amend(playhead.peek().kind === "live" ? { at: null } : placeAt(position.peek()));
  go(route.peek());
}
