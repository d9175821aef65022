/** How a file is shown. Pages and drawings that an agent may have written are text. */
export type ShowAs =
  | { readonly as: "json" }
  | { readonly as: "markdown" }
  | { readonly as: "text" }
  | { readonly as: "code"; readonly language: string }
  | { readonly as: "image" }
  /** A browser would show it in its own way, or not at all: it is there to be kept. */
  | { readonly as: "nothing" };

const IMAGES: ReadonlySet<string> = new Set(["png", "jpg", "jpeg", "gif", "webp"]);
const TEXTS: ReadonlySet<string> = new Set(["txt", "log", "out", "err", "csv", "tsv", ""]);
const NO_TEXTS: ReadonlySet<string> = new Set([
  "pdf",
  "zip",
  "gz",
  "tgz",
  "tar",
  "mp4",
  "webm",
  "mp3",
  "wav",
  "woff2",
  "wasm",
]);

/** What tells it is the name's end, since the server goes by it, too; where that says nothing, the media type. */
export function showAs(path: string, mediaType: string | null): ShowAs {
  const end = endOf(path);
  if (IMAGES.has(end)) return { as: "image" };
  if (NO_TEXTS.has(end)) return { as: "nothing" };
  const type = mediaType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (end === "json" || (TEXTS.has(end) && /^application\/(.+\+)?json$/.test(type))) return { as: "json" };
  if (end === "md" || end === "markdown" || (TEXTS.has(end) && type === "text/markdown"))
    return { as: "markdown" };
  return TEXTS.has(end) ? { as: "text" } : { as: "code", language: end };
}

function endOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}
