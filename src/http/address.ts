/** An address's parts, decoded each by itself, so that an encoded slash stays part of a name. */
export function readAddress(url: string | undefined): string[] | undefined {
  if (url === undefined || !url.startsWith("/")) return undefined;
  const path = url.split(/[?#]/, 1)[0] ?? "";
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
