import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";
import { isRefused } from "../refused.ts";
import type { SignsOfLife } from "../signs-of-life.ts";
import type { Glance, Glancer, Place } from "../source.ts";
import type { Digests } from "./digests.ts";
import type { CodingFormat, SessionFile } from "./format.ts";
import { standingOf } from "./standing.ts";
import { describe } from "./summary.ts";

export interface SessionParts {
  readonly place: Place;
  readonly file: SessionFile;
  readonly format: CodingFormat;
  readonly digests: Digests;
  /** The same for all who look at the session: then they agree on where it stands. */
  readonly signs: SignsOfLife;
  readonly clock: Clock;
}

/** A session's line in the list, made of its digest. */
export class GlanceSession implements Glancer {
  readonly #parts: SessionParts;
  #last: Glance | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  async read(): Promise<Glance | null> {
    const { clock, digests, file, format, place, signs } = this.#parts;
    // Before the look: what is written in between has another stamp, and is looked at again.
    const stamp = await stampOfSession(file);
    const look = stamp === null ? null : await digests.look(place);
    if (stamp === null || look === null) return this.#last;
    const standing = standingOf(look.digest.state, signs.note(look.modifiedAt), clock.now());
    const { summary } = describe(look, standing, file, format);
    // The folder of its file is full of others': its shelf tells when something happens to it.
    const folders = look.folders.filter((folder) => folder !== file.dir);
    this.#last = { summary, pulse: standing.pulse, stamp, folders };
    return this.#last;
  }
}

export async function stampOfSession({ dir, name }: SessionFile): Promise<string | null> {
  try {
    const stats = await new BundleFile(dir, name).stat();
    return stats?.isFile() === true ? stampOf(stats) : null;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}
