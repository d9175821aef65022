import type { Root } from "./roots.ts";

/** What a viewer watches, as it tells of itself. */
export interface WatchedFolders {
  /** Of runs of any kind, and `workingDir`. */
  readonly runsDirs: readonly string[];
  /** One of them, where nobody named a folder: there only what lies at hand is looked for. */
  readonly workingDir?: string | undefined;
  /** Of sessions of one source alone. */
  readonly sessionDirs?: readonly SessionDir[] | undefined;
  /** "off": what is there at the start is read, and nothing after it. */
  readonly watching?: string | undefined;
}

interface SessionDir {
  readonly dir: string;
  /** Its source's `type`. */
  readonly source: string;
}

interface Watched {
  readonly roots: readonly Root[];
  readonly workingDir?: string | undefined;
  readonly watch?: boolean | undefined;
}

/** What one with these options watches. */
export function watchedWith({ roots, watch = true, workingDir }: Watched): WatchedFolders {
  const anyKind = roots.filter(({ sources }) => sources === undefined).map(({ dir }) => dir);
  const sessionDirs = roots.flatMap(({ dir, sources = [] }) => sources.map((source) => ({ dir, source })));
  return {
    runsDirs: [...new Set([...anyKind, ...(workingDir === undefined ? [] : [workingDir])])],
    workingDir,
    ...(sessionDirs.length === 0 ? {} : { sessionDirs }),
    ...(watch ? {} : { watching: "off" }),
  };
}
