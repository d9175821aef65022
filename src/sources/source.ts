import type { RunSummary } from "../protocol/bundle.ts";
import type { Found } from "../protocol/found.ts";
import type { LogName } from "../protocol/log-ranges.ts";
import type { RunStatus } from "../protocol/status.ts";

/**
 * A source reads one producer's runs. It is an adapter: everything the producer
 * writes is translated here, at the edge, into the one run state.
 *
 * The contract, which test/contracts proves for every source:
 *  S1  A glance says what a run's line in the list needs, reading only small files.
 *  S2  A folder that is not (yet) a run of this source gives null, never an error.
 *  S3  After `follow.read` the draft holds all that the files held when it began.
 *  S4  Reading again with nothing new changes nothing.
 *  S5  Logs only grow; what was once read stays, while files are torn or half there too.
 *  S6  What cannot be read is counted in `problems`; the rest is read on.
 *  S7  Cut at any byte and read as it grows, a run ends in the same state as read at once.
 *  S8  In tail extent a log's length is its number of lines, and its held end with the ranges before
 *      it are the lines of the whole, holes for those that cannot be read.
 *  S9  In tail extent times and outline are what the whole log gives, wherever its held end begins.
 *  S10  While nothing is written, `stampOf` gives the stamp that the last glance gave. An ended run
 *      that is written anew, goes on or gives its place to another has another stamp.
 *  S11  What is found in a log block by block is what all of it read at once would give, each hit at
 *      the line that completes it.
 */
export interface Source {
  /** `sourceType` of its runs: "acpx". */
  readonly type: string;
  /** `sourceLabel` of its runs, for a person: "acpx flow". */
  readonly label: string;
  /** For a place that may hold a run of this source. */
  glancer(place: Place): Glancer;
  /** The stamp of what lies there, without opening it; null when there is nothing. */
  stampOf(place: Place): Promise<string | null>;
  /** `place` holds a run of this source, and its folder is a real path. */
  follow(place: Place, draft: Draft, extent: Extent): Follower;
  /**
   * Folders below one that somebody named in which runs may lie too, relative to it; "*" is any one
   * folder. In the named folder itself runs are always looked for.
   */
  readonly below: readonly string[];
  /** So many names of a path must be those of a way before the path is taken to lie on it; 2 without. */
  readonly fewestNames?: number;
  /** The same below the folder that the viewer was started in, where nobody named one; "." is that folder. */
  readonly atHand: readonly string[];
  /** Of a producer that gives its runs no folder of their own: the runs that lie in the files of a folder. */
  readonly shelf?: (dir: string) => Shelf;
  /** What its runs used is added up over all of them: those written lately are looked at ahead of the list. */
  readonly isCounted?: true;
  /** Which files may be shown as the run's. Undefined: all in its folder. */
  readonly files?: (place: Place) => RunFiles;
}

/** The runs in the files of one folder. Calls of `names` never overlap. */
export interface Shelf {
  /**
   * Of each run that lies there now, what makes its place with the folder's path: `<file>` or
   * `<file>#<mark>`. Nothing is known to have happened since the last call but to the files named.
   */
  names(changed: ReadonlySet<string> | "all"): Promise<readonly string[]>;
}

/** The files of a run that has no folder to itself. */
export interface RunFiles {
  /** Where their names begin. */
  readonly dir: string;
  allows(name: string): Promise<boolean>;
  /** A folder in `dir`, above the name, that its file lies in with all links followed; `dir` where nobody says. */
  within?(name: string): string;
}

/**
 * Where a run lies: the path of a folder that holds this run and nothing else, or,
 * of a producer that gives its runs no folder, the path of a file with a mark that
 * tells its runs apart ("/logs/a-session.jsonl#2"). Real, but for the mark.
 */
export type Place = string;

/**
 * How much of a run is read and held: all of it, or its small files and the end of each log. In tail
 * extent what only repeats the logs (steps, records) is left out.
 */
export type Extent = "whole" | "tail";

/** Keeps a run's line in the list up to date, at the cost of what changed. */
export interface Glancer {
  /** Null while the folder is no run. While its files are torn or gone the last good glance stands. */
  read(): Promise<Glance | null>;
}

/** What can be told of a run without opening it. */
export interface Glance {
  readonly summary: Omit<RunSummary, "stalledSince">;
  readonly pulse: Pulse;
  /** Of the file that tells of every new life of an ended run, as it was read: see `stampOf`. */
  readonly stamp: string;
  /** Folders whose changes may change the line of an active run. */
  readonly folders: readonly string[];
}

/** What the files say of the run and of the one who writes them. */
export interface Pulse {
  readonly status: RunStatus;
  /** How long the writer may be silent (ms) before it is taken for gone; null when it owes no sign. */
  readonly silenceMs: number | null;
  /** When something was last known to be written, ms since the epoch (see `SignsOfLife`). */
  readonly lastWriteAt: number;
  /** When another look tells something else though nothing is written until then, ms since the epoch. */
  readonly changesAt?: number;
}

/** Brings a draft up to date with a run's files. Calls of `read` never overlap. */
export interface Follower {
  /**
   * Reads what is new in the files named, or in all of them. Paths it does not
   * know are looked at as "all".
   */
  read(changed: ReadonlySet<string> | "all"): Promise<FollowResult>;
  /** Folders whose changes are worth a `read`; it may grow after each one. */
  readonly folders: readonly string[];
  /** What a draft in tail extent leaves out. Undefined: there is no such log (any more). */
  readonly parts: LogParts;
  /** Nothing more is read, in the background neither. */
  close(): void;
}

/**
 * The older parts of a run's logs, read when they are asked for, as the JSON of
 * `LogRange`, `LogTimes` and `LogOutline`; and what is found in them. Undefined: the log is not there (any more).
 */
export interface LogParts {
  /** From where on a log is worth holding, as long as it is now: a page's first line. */
  windowFrom(log: LogName): number | undefined;
  /** Lines `from`, a page's first, up to `to`, or fewer. Only of full pages. */
  range(log: LogName, from: number, to: number): Promise<string | undefined>;
  /** Answers once the older part has been scanned. */
  times(log: LogName): Promise<string | undefined>;
  /** `fromRow` is 0 or the last answer's `next`. Answers once the older part has been scanned. */
  outline(log: LogName, fromRow: number): Promise<string | undefined>;
  /** Answers once the older part has been scanned. */
  find(log: LogName, ask: FindAsk): Promise<Found | undefined>;
}

/** A text to be found in one block of a log. */
export interface FindAsk {
  /** As a person typed it; not empty. */
  readonly query: string;
  /** The block ends before this line; null: at the end of the log. */
  readonly before: number | null;
  /** Does anybody wait for the answer? */
  readonly isWanted: () => boolean;
}

export type FollowResult =
  /** Up to date; worth another look in `readAgainIn` ms, if set. */
  | { readonly kind: "read"; readonly pulse: Pulse; readonly readAgainIn?: number }
  /** The run was written anew: drop the draft and follow it from the start. */
  | { readonly kind: "rewritten" };

/**
 * How a source changes a run: it appends and sets, and those calls are the
 * patch. Nothing is ever found out by comparing whole states.
 *
 * Paths are lists of keys. A key that a patch may not carry throws RangeError;
 * sources check the ids they take from files with `isSafeId` first.
 */
export interface Draft {
  /** One more element at the end of a log (null: a line that cannot be read), or text at the end of a string. */
  append(path: readonly string[], value: unknown): void;
  /** Puts a member in place, new or not. */
  set(path: readonly string[], value: unknown): void;
  remove(path: readonly string[]): void;
  /**
   * Makes a small subtree equal to `value` with the fewest ops; costs its size.
   * For the projections that producers rewrite whole.
   */
  reconcile(path: readonly string[], before: unknown, value: unknown): void;
}
