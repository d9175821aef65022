/**
 * May this be asked for as a file of a run? A browser takes some names for ways to another place, before the
 * server hears of them.
 */
export function isFileName(path: string): boolean {
  return path.split("/").every((part) => !/^(\.|%2e){0,2}$/i.test(part) && !part.includes("\\"));
}

/** Where a file of a run is to be had. Its name is an agent's or a producer's: each part is encoded by itself. */
export function fileAddress(runId: string, path: string): string {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return `/api/runs/${encodeURIComponent(runId)}/files/${name}`;
}

/** The same, to be kept as a file. */
export function downloadAddress(runId: string, path: string): string {
  return `${fileAddress(runId, path)}?download`;
}
