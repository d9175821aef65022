import { duration } from "../ui/format.ts";
import type { ThoughtEntry } from "./entry.ts";

interface How {
  /** Is only the rest of it known? Then nobody can say when it began. */
  readonly rest: boolean;
  readonly streaming: boolean;
}

/** What a folded thought says of itself. One that came in one part took no time that anyone knows. */
export function thoughtWords({ at, until }: ThoughtEntry, { rest, streaming }: How): string {
  if (streaming) return "Thinking…";
  return rest || until <= at ? "Thought" : `Thought for ${duration(until - at)}`;
}
