/** What the groups are called: a project by its last folder, and by more of its path where two end alike. */
export function projectNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let open = paths.map((path) => ({ path, folders: path.split(/[/\\]/).filter(Boolean) }));
  for (let count = 1; open.length > 0; count += 1) {
    const byName = new Map<string, typeof open>();
    for (const each of open) {
      const name = each.folders.slice(-count).join("/") || each.path || "No project";
      const alike = byName.get(name);
      if (alike === undefined) byName.set(name, [each]);
      else alike.push(each);
    }
    open = [];
    for (const [name, alike] of byName) {
      for (const each of alike) {
        if (alike.length === 1 || each.folders.length <= count) names.set(each.path, name);
        else open.push(each);
      }
    }
  }
  return names;
}
