import type { SnapshotReason } from "../protocol/messages.ts";
import type { Place } from "../protocol/place.ts";
import type { EncodedSnapshot, Next } from "../store/topic.ts";

/** What a poll asks of a topic; every `Topic` is one. */
interface Polled {
  next(epoch: string, version: number): Next;
  snapshot(reason: SnapshotReason): EncodedSnapshot | undefined;
}

/**
 * What a client that holds a place in a topic, or nothing yet, gets when it asks:
 * the message that a subscriber would get next. Null: nothing has changed.
 * Undefined: the topic has ended.
 */
export function answerPoll(topic: Polled, place: Place | null): Buffer | null | undefined {
  const next: Next =
    place === null ? { kind: "snapshot", reason: "first" } : topic.next(place.epoch, place.version);
  switch (next.kind) {
    case "nothing":
      return null;
    case "patch":
      return next.patch.bytes;
    case "snapshot":
      return topic.snapshot(next.reason)?.bytes;
    case "ended":
      return undefined;
  }
}
