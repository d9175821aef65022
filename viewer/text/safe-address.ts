const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/**
 * The address that a link may lead to, or null. What names no scheme of its own
 * would lead to this page's own server, and other schemes do things.
 */
export function safeAddress(address: string): string | null {
  if (!/^(?:https?|mailto):/i.test(address)) return null;
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
