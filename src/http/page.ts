import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";

/**
 * The built page. Its files carry a hash in their names and may be kept for ever;
 * index.html answers every address of the page (`/`, `/runs/<id>`) and never is.
 */
export function servePage(
  dir: string,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return sirv(dir, {
    // Looked up at every request, so that a page built anew is served without a restart.
    dev: true,
    single: true,
    etag: true,
    ignores: [/^\/assets\//, /^\/api\//],
    setHeaders: (response, path) => {
      const kept = path.startsWith("/assets/");
      response.setHeader("cache-control", kept ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
