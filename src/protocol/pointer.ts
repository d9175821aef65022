/** JSON Pointer (RFC 6901) with the limits a patch from outside needs. */

/** Tokens that would reach an object's prototype instead of its data. */
const FORBIDDEN = new Set(["__proto__", "prototype", "constructor"]);

/** May this key stand in a path or become a key of the state? */
export function isSafeKey(key: string): boolean {
  return !FORBIDDEN.has(key);
}

/** "" is the whole document; otherwise every token follows a slash. Throws SyntaxError. */
export function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw new SyntaxError(`a pointer starts with "/": ${JSON.stringify(pointer)}`);
  return pointer.slice(1).split("/").map(unescapeToken);
}

export function formatPointer(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function unescapeToken(token: string): string {
  if (!token.includes("~")) return token;
  if (/~(?![01])/.test(token))
    throw new SyntaxError(`"~" must be written "~0" in a pointer: ${JSON.stringify(token)}`);
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The index grammar of RFC 6901: no sign, no leading zero, no spaces. */
export function parseIndex(token: string): number | undefined {
  return /^(?:0|[1-9]\d{0,14})$/.test(token) ? Number(token) : undefined;
}
