import { clock } from "../ui/format.ts";

/** A running clock, with as many places as the moments on one pixel differ in. */
export function fineClock(ms: number, perPixel: number): string {
  const digits = perPixel >= 500 ? 0 : perPixel >= 50 ? 1 : perPixel >= 5 ? 2 : 3;
  if (digits === 0) return clock(ms);
  const part = Math.floor((Math.max(0, ms) % 1000) / 10 ** (3 - digits));
  return `${clock(ms)}.${String(part).padStart(digits, "0")}`;
}
