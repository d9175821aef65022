import type { Clock } from "../../clock.ts";
import type { Source } from "../source.ts";
import { FollowSession } from "./follow-session.ts";
import { GlanceSession } from "./glance-session.ts";
import { LogFiles } from "./log-files.ts";
import { wazaPlace } from "./place.ts";
import { FollowResults, GlanceResults, stampOfFile } from "./results-run.ts";
import { filesOf } from "./run-files.ts";
import { WazaShelf } from "./shelf.ts";

/** Evaluations of waza: the sessions of its logs, and results files that belong to no log. */
export function wazaSource(clock: Clock): Source {
  const logs = new LogFiles(clock);
  /** The folders in which runs are looked for. */
  const shelves = new Set<string>();
  return {
    type: "waza",
    label: "waza",
    glancer(place) {
      const waza = wazaPlace(place);
      if (waza === null) return { read: async () => null };
      return waza.kind === "session"
        ? new GlanceSession(waza, logs.at(waza.dir, waza.file), clock)
        : new GlanceResults(waza, clock);
    },
    async stampOf(place) {
      const waza = wazaPlace(place);
      return waza === null ? null : stampOfFile(waza);
    },
    below: ["results"],
    atHand: [".", "results"],
    shelf(dir) {
      shelves.add(dir);
      return new WazaShelf(dir, logs, shelves);
    },
    files(place) {
      const waza = wazaPlace(place);
      // No folder is a place of waza's, so nobody is asked of one.
      return waza === null ? { dir: place, allows: async () => false } : filesOf(waza, logs);
    },
    follow(place, draft, extent) {
      const waza = wazaPlace(place);
      if (waza === null) throw new RangeError(`${place} is no place of a waza run`);
      return waza.kind === "session"
        ? new FollowSession(waza, draft, extent, { clock, shelves })
        : new FollowResults(waza, draft, extent, clock);
    },
  };
}
