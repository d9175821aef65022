import type { IncomingMessage } from "node:http";
import { timingSafeEqual } from "node:crypto";
import { readAddress } from "./address.ts";

/** What the guard says of a request; a refusal names the reason for a person. */
export type Verdict = { readonly kind: "pass" } | { readonly kind: "refuse"; readonly reason: string };

const PASS: Verdict = { kind: "pass" };

/**
 * The one door: every request and every upgrade passes here before any route.
 *
 * A page elsewhere can make a browser call this server, or bend its own name to
 * this address. So the Host must be exactly one of this server's own, an Origin,
 * where there is one, exactly the page of that Host, and a browser that says where
 * a request comes from must say "from here".
 */
export class RequestGuard {
  readonly #hosts: ReadonlySet<string>;

  constructor(host: string, port: number) {
    const names = host === "::1" ? ["[::1]", "localhost"] : [host, "127.0.0.1", "localhost"];
    // A client leaves out the port that its scheme means anyway.
    const ports = port === 80 ? [":80", ""] : [`:${port}`];
    this.#hosts = new Set(names.flatMap((name) => ports.map((end) => `${name}${end}`)));
  }

  check(request: IncomingMessage): Verdict {
    const { host, origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      return refuse("The Host of the request is not this viewer's address.");
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      return refuse("The request comes from another site's page.");
    }
    if (site === undefined || site === "same-origin" || site === "none" || isLinkToPage(request)) return PASS;
    return refuse("The browser says the request comes from another site.");
  }
}

/** Someone followed a link to a page of the viewer; the page can only be looked at. */
function isLinkToPage({ method, url, headers }: IncomingMessage): boolean {
  const address = readAddress(url);
  return (
    method === "GET" &&
    headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document" &&
    address !== undefined &&
    address[0] !== "api"
  );
}

/** Compares without telling by its time how much was right. */
export function isToken(given: string | undefined, token: string): boolean {
  const left = Buffer.from(given ?? "");
  const right = Buffer.from(token);
  return left.length === right.length && timingSafeEqual(left, right);
}

function refuse(reason: string): Verdict {
  return { kind: "refuse", reason };
}
