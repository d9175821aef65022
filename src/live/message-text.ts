import type { RawData } from "ws";

/** A socket's message as text, in whichever form ws hands it over. */
export function messageText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (Buffer.isBuffer(data) ? data : Buffer.from(new Uint8Array(data))).toString();
}
