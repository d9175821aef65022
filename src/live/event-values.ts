import type { Tally } from "../protocol/tally.ts";

/**
 * Producers write what they like; what is sent is finite, whole where it is a count,
 * and no longer than people read.
 */

const NAME_CHARS = 1_000;
const MESSAGE_CHARS = 4_000;

export function cutName(text: string): string {
  return cut(text, NAME_CHARS);
}

export function cutMessage(text: string): string {
  return cut(text, MESSAGE_CHARS);
}

/** JSON has no word for what is beyond its numbers, so it is as good as not known. */
export function finite(value: number | null | undefined): number | null {
  return value != null && Number.isFinite(value) ? value : null;
}

export function wholeCounts({ done, errors, failed, passed, total }: Tally) {
  return { total: Math.max(wholeCount(total), done), done, passed, failed, errors };
}

/** A plan is written by hand. */
export function wholeCount(value: number): number {
  return Math.max(0, Math.ceil(finite(value) ?? 0));
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}
