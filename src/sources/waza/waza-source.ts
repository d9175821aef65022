import type { Clock } from "../../clock.ts";
import type { Draft, RunFiles, Source } from "../source.ts";
import { FollowSession } from "./follow-session.ts";
import { GlanceSession } from "./glance-session.ts";
import { type WazaPlace, wazaPlace } from "./place.ts";
import { FollowResults, GlanceResults, stampOfFile } from "./results-run.ts";
import { WazaShelf } from "./shelf.ts";

/** Evaluations of waza: the sessions of its logs, and results files that belong to no log. */
export function wazaSource(clock: Clock): Source {
  return {
    type: "waza",
    label: "waza",
    glancer(place) {
      const waza = wazaPlace(place);
      if (waza === null) return { read: async () => null };
      return waza.kind === "session" ? new GlanceSession(waza, clock) : new GlanceResults(waza, clock);
    },
    async stampOf(place) {
      const waza = wazaPlace(place);
      return waza === null ? null : stampOfFile(waza);
    },
    below: ["results"],
    atHand: [".", "results"],
    shelf: (dir) => new WazaShelf(dir),
    files(place) {
      const waza = wazaPlace(place);
      // No folder is a place of waza's, so nobody is asked of one.
      return waza === null ? { dir: place, allows: async () => false } : filesOf(waza, clock);
    },
    follow(place, draft, extent) {
      const waza = wazaPlace(place);
      if (waza === null) throw new RangeError(`${place} is no place of a waza run`);
      return waza.kind === "session"
        ? new FollowSession(waza, draft, extent, clock)
        : new FollowResults(waza, draft, extent, clock);
    },
  };
}

/** What else lies in the folder is of other runs, or none of anybody's business. */
function filesOf(place: WazaPlace, clock: Clock): RunFiles {
  return {
    dir: place.dir,
    async allows(name) {
      if (name === place.file) return true;
      if (place.kind === "results" || !name.endsWith(".json")) return false;
      const follower = new FollowSession(place, NO_DRAFT, "tail", clock);
      await follower.read("all");
      return follower.files.has(name);
    },
  };
}

const NO_DRAFT: Draft = {
  append: () => undefined,
  set: () => undefined,
  remove: () => undefined,
  reconcile: () => undefined,
};
