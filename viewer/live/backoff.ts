const FIRST_MS = 250;
const LONGEST_MS = 5000;

/**
 * How long to wait before attempt number `attempt` (from 1). Doubles up to a
 * limit; `random` (0 to 1) takes away up to half, so that the pages of one
 * restarted server do not all come back in the same instant.
 */
export function backoff(attempt: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(whole * (1 - random / 2));
}
