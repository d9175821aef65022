import type { Conversation } from "../conversation/entry.ts";
import { humanise } from "../ui/format.ts";
import type { Attempts } from "./attempts.ts";

/** Something that took time. `end` is null while it goes on. */
export interface Span {
  readonly id: string;
  readonly kind: SpanKind;
  readonly label: string;
  readonly start: number;
  readonly end: number | null;
  readonly failed: boolean;
}

type SpanKind = "acp" | "action" | "compute" | "checkpoint" | "tool";

export function attemptSpans(attempts: Attempts): Span[] {
  const spans: Span[] = [];
  for (const attempt of attempts.list) {
    const name = humanise(attempt.nodeId);
    spans.push({
      id: attempt.attemptId,
      kind: kindOf(attempt.nodeType),
      label: attempt.number > 1 ? `${name} ${attempt.number}` : name,
      start: attempt.startedAt,
      end: attempt.finishedAt,
      failed: isFailure(attempt.outcome),
    });
  }
  return spans;
}

export function isFailure(outcome: string | null): boolean {
  return outcome !== null && outcome !== "ok";
}

/** `endedAt` ends what still runs in a run that is over. */
export function toolSpans(
  sessions: readonly { readonly id: string; readonly conversation: Conversation }[],
  endedAt: number | null,
): Span[] {
  const spans: Span[] = [];
  for (const { id, conversation } of sessions) {
    for (const index of conversation.tools) {
      const entry = conversation.entries.at(index);
      if (entry?.kind !== "tool") continue;
      spans.push({
        id: `${id}/${index}`,
        kind: "tool",
        label: entry.title === "" ? entry.toolKind : entry.title,
        start: entry.at,
        end: entry.endedAt ?? endedAt,
        failed: entry.status === "failed",
      });
    }
  }
  return spans.toSorted((left, right) => left.start - right.start);
}

function kindOf(nodeType: string): SpanKind {
  switch (nodeType) {
    case "acp":
    case "action":
    case "compute":
    case "checkpoint":
      return nodeType;
    default:
      return "compute";
  }
}
