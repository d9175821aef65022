/** What a viewer watches, as it tells of itself. */
export interface WatchedFolders {
  readonly runsDirs: readonly string[];
  /** One of them, where nobody named a folder: there only what lies at hand is looked for. */
  readonly workingDir?: string | undefined;
}

/** What one with these options watches. */
export function watchedWith({ runsDirs, workingDir }: WatchedFolders): WatchedFolders {
  return {
    runsDirs: [...new Set([...runsDirs, ...(workingDir === undefined ? [] : [workingDir])])],
    workingDir,
  };
}

/** For a sentence: "/runs, and evaluations in /project". */
export function inWords({ runsDirs, workingDir }: WatchedFolders): string {
  const others = runsDirs.filter((dir) => dir !== workingDir).join(" and ");
  const here = workingDir === undefined ? "" : `evaluations in ${workingDir}`;
  return [others, here].filter((words) => words !== "").join(", and ");
}
