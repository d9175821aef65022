/** What the groups are called: a project by its last folder, and by more of its path where two end alike. */
export function projectNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const folders = foldersOf(path);
    const others = paths.filter((other) => other !== path).map(foldersOf);
    let count = 1;
    while (count < folders.length && others.some((other) => endsAlike(folders, other, count))) count += 1;
    names.set(path, folders.length === 0 ? path || "No project" : folders.slice(-count).join("/"));
  }
  return names;
}

function foldersOf(path: string): string[] {
  return path.split(/[/\\]/).filter(Boolean);
}

function endsAlike(left: readonly string[], right: readonly string[], count: number): boolean {
  return left.slice(-count).join("/") === right.slice(-count).join("/");
}
