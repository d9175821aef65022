/** A folder as one calls it: its last name. */
export function folderName(path: string): string {
  return endOf(path, 1);
}

/** The same of several: those of one last name by as much of the ends of their paths as tells them apart. */
export function folderNames(paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    const others = paths.filter((other) => other !== path);
    for (let count = 1; ; count += 1) {
      const name = endOf(path, count);
      if (name === path || others.every((other) => endOf(other, count) !== name)) return name;
    }
  });
}

function endOf(path: string, count: number): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== "");
  return parts.length <= count ? (count === 1 ? (parts[0] ?? path) : path) : parts.slice(-count).join("/");
}
