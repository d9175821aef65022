import type { SnapshotReason } from "../protocol/messages.ts";
import type { EncodedSnapshot, Next, TopicEnd } from "../store/topic.ts";

/** Where in a topic a client is. */
export interface Place {
  readonly epoch: string;
  readonly version: number;
}

/** What a poll asks of a topic; every `Topic` is one. */
interface Polled {
  next(epoch: string, version: number): Next;
  snapshot(reason: SnapshotReason): EncodedSnapshot | undefined;
}

/** What a client gets that asks from its place. */
type PollAnswer =
  /** The message that a subscriber would get next. */
  | { readonly kind: "message"; readonly bytes: Buffer }
  | { readonly kind: "nothing" }
  | { readonly kind: "ended"; readonly why: TopicEnd };

/** `place` is null for who holds nothing yet. */
export function answerPoll(topic: Polled, place: Place | null): PollAnswer {
  const next: Next =
    place === null ? { kind: "snapshot", reason: "first" } : topic.next(place.epoch, place.version);
  switch (next.kind) {
    case "nothing":
    case "ended":
      return next;
    case "patch":
      return { kind: "message", bytes: next.patch.bytes };
    case "snapshot": {
      const snapshot = topic.snapshot(next.reason);
      return snapshot === undefined
        ? { kind: "ended", why: "too_large" }
        : { kind: "message", bytes: snapshot.bytes };
    }
  }
}
