import { join, sep } from "node:path";
import type { Clock } from "../../clock.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Place, RunFiles, Source } from "../source.ts";
import type { Digests } from "./digests.ts";
import { FollowSession } from "./follow-session.ts";
import type { CodingFormat, SessionFile } from "./format.ts";
import { GlanceSession, type SessionParts, stampOfSession } from "./glance-session.ts";
import { folderOf, sessionAt } from "./place.ts";
import { CodingShelf } from "./shelf.ts";

/** The coding sessions of one format: each in a file, which is its place. */
export function codingSource(format: CodingFormat, digests: Digests, clock: Clock): Source {
  const signs = new Map<Place, SignsOfLife>();
  const partsOf = (place: Place, file: SessionFile): SessionParts => {
    const known = signs.get(place) ?? new SignsOfLife(clock);
    signs.set(place, known);
    return { place, file, format, digests, signs: known, clock };
  };
  return {
    type: format.type,
    label: format.label,
    glancer(place) {
      const file = sessionAt(place, format);
      return file === null ? { read: async () => null } : new GlanceSession(partsOf(place, file));
    },
    async stampOf(place) {
      const file = sessionAt(place, format);
      return file === null ? null : stampOfSession(file);
    },
    below: format.below,
    isCounted: true,
    // A folder of sessions named by itself: "/home/.claude/projects".
    fewestNames: 1,
    // Sessions lie where their producer keeps them, whatever folder it worked in.
    atHand: [],
    shelf: (dir) => new CodingShelf(dir, format),
    files(place) {
      const file = sessionAt(place, format);
      return file === null ? { dir: place, allows: async () => false } : filesOf(file, format);
    },
    follow(place, draft, extent) {
      const file = sessionAt(place, format);
      if (file === null) throw new RangeError(`${place} is no place of a session`);
      return new FollowSession(partsOf(place, file), draft, extent);
    },
  };
}

/** What else lies in the folder is of other sessions. */
function filesOf(file: SessionFile, format: CodingFormat): RunFiles {
  const own = folderOf(file);
  const isBelow = (name: string) => join(file.dir, name).startsWith(own + sep);
  return {
    dir: file.dir,
    // A link in there could lead to another session.
    within: (name) => (isBelow(name) ? own : file.dir),
    async allows(name) {
      const path = join(file.dir, name);
      if (name === file.name || isBelow(name)) return true;
      return (await format.agentsOf(file)).some((agent) => join(agent.dir, agent.name) === path);
    },
  };
}
