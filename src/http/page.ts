import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".json", "application/json; charset=utf-8"],
]);

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/**
 * The built page, held in memory: a few hundred kilobytes, and one consistent
 * build for as long as the server runs, whatever is built or removed meanwhile.
 * An address is looked up among its files and never becomes a path.
 */
export class Page {
  readonly #assets: ReadonlyMap<string, Asset>;

  private constructor(assets: ReadonlyMap<string, Asset>) {
    this.#assets = assets;
  }

  static async load(dir: string): Promise<Page> {
    const assets = new Map<string, Asset>();
    for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(dir.length).replaceAll("\\", "/");
      assets.set(name, asset(name, await readFile(path)));
    }
    return new Page(assets);
  }

  /** False when there is no such file: an address under /assets/, or of a folder without a page. */
  send(request: IncomingMessage, response: ServerResponse, path: readonly string[]): boolean {
    // Every other address (`/`, `/runs/<id>`) is the page's own, which reads it.
    const found =
      this.#assets.get(`/${path.join("/")}`) ??
      (path[0] === "assets" ? undefined : this.#assets.get("/index.html"));
    if (found === undefined) return false;
    const { bytes, type, etag, cacheControl } = found;
    const known = request.headers["if-none-match"] === etag;
    response.writeHead(known ? 304 : 200, {
      "content-type": type,
      "cache-control": cacheControl,
      etag,
      ...(known ? {} : { "content-length": bytes.length }),
    });
    response.end(known ? undefined : bytes);
    return true;
  }
}

/** A file under /assets/ carries a hash of its content in its name and may be kept for ever. */
function asset(name: string, bytes: Buffer): Asset {
  return {
    bytes,
    type: MEDIA_TYPES.get(extname(name)) ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    cacheControl: name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  };
}
