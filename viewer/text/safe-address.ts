/** A longer one is no address that anybody would open, and a text may name it over and over. */
const MOST_CHARS = 2000;
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/**
 * The address that a link may lead to, or null. What names no scheme of its own
 * would lead to this page's own server, and other schemes do things.
 */
export function safeAddress(address: string): string | null {
  if (address.length > MOST_CHARS || !/^(?:https?|mailto):/i.test(address)) return null;
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
