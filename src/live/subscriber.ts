import type { Clock } from "../clock.ts";
import type { ErrorCode, ServerMessage, SnapshotReason } from "../protocol/messages.ts";
import type { Place } from "../protocol/place.ts";
import type { EncodedSnapshot, Next, TopicEnd } from "../store/topic.ts";

/** Past this much unsent data a client is lagging: nothing more is handed to its connection. */
export const LAGGING_BYTES = 512 * 1024;
/** A lagging client that has taken nothing for this long is closed. */
export const STUCK_MS = 30_000;
/** A client that asks and asks and never reads the answers is closed at this much. */
const HOPELESS_BYTES = 4 * LAGGING_BYTES;

/** A connection to a client, of whatever kind. */
export interface Transport {
  /** Bytes handed over that the network has not taken yet. */
  readonly unsentBytes: number;
  /** `taken` is called once the network has taken these bytes. */
  send(bytes: Buffer, taken: () => void): void;
  /** Ends the connection with a reason a person can read. */
  close(reason: string): void;
}

/** What a subscriber reads of a topic; every `Topic` is one. */
export interface Readable {
  next(epoch: string, version: number): Next;
  snapshot(reason: SnapshotReason): EncodedSnapshot | undefined;
  onChange(listener: () => void): () => void;
}

/** How a client follows a topic, and what it is told besides the topic's own messages. */
export interface Following {
  /** Where it was before its connection was lost; without it, it gets a snapshot. */
  readonly place?: Place | undefined;
  /** What tells a client that its place still fits. */
  readonly resumed?: (place: Place) => ServerMessage;
  /** Called if the topic ends. */
  readonly ended: (why: TopicEnd) => void;
}

/** A client's place in a topic. No epoch means: it holds nothing. */
interface Cursor {
  readonly topic: Readable;
  readonly stopListening: () => void;
  readonly ended: (why: TopicEnd) => void;
  epoch: string;
  version: number;
  /** It asked for a snapshot, though its place may be good. */
  wantsSnapshot: boolean;
}

type State =
  | { readonly kind: "live" }
  | { readonly kind: "lagging"; readonly unsent: number; readonly cancelPatience: () => void }
  | { readonly kind: "closed" };

/**
 * One client. It owns no queue: only a place (epoch, version) in each topic it
 * reads. What it needs next is asked of the topic when its connection has room,
 * so a client that reads slowly costs nothing but its place, and gets what it
 * missed from the topic's recent patches, as one, or a snapshot.
 */
export class Subscriber {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #cursors = new Map<string, Cursor>();
  #state: State = { kind: "live" };
  #pumping = false;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  get isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  reads(key: string): boolean {
    return this.#cursors.has(key);
  }

  /** Sends the topic's snapshot, or goes on at the place given, and then sends everything after it. */
  follow(key: string, topic: Readable, { ended, place, resumed }: Following): void {
    this.leave(key);
    const cursor: Cursor = {
      topic,
      epoch: place?.epoch ?? "",
      version: place?.version ?? 0,
      ended,
      wantsSnapshot: false,
      stopListening: topic.onChange(() => this.#pump()),
    };
    this.#cursors.set(key, cursor);
    if (place !== undefined && resumed !== undefined) {
      const { kind } = topic.next(place.epoch, place.version);
      if (kind === "nothing" || kind === "patch") this.tell(resumed(place));
    }
    this.#pump();
  }

  /** The client lost its place: a snapshot again. Nobody else notices. */
  resync(key: string): void {
    const cursor = this.#cursors.get(key);
    if (cursor === undefined) return;
    cursor.wantsSnapshot = true;
    this.#pump();
  }

  leave(key: string): void {
    this.#cursors.get(key)?.stopListening();
    this.#cursors.delete(key);
  }

  /** Small messages that belong to no topic. Who does not read them is closed, in time. */
  tell(message: ServerMessage): void {
    if (this.#state.kind === "closed") return;
    const { unsentBytes } = this.#transport;
    if (this.#state.kind === "live" && unsentBytes > LAGGING_BYTES) this.#lag();
    if (this.#state.kind === "lagging" && unsentBytes > this.#state.unsent + HOPELESS_BYTES) {
      this.#transport.close("Too many answers were not read.");
      this.close();
      return;
    }
    this.#transport.send(Buffer.from(JSON.stringify(message)), () => this.#taken());
  }

  refuse(code: ErrorCode, message: string, runId?: string): void {
    this.tell({ type: "error", code, message, ...(runId === undefined ? {} : { runId }) });
  }

  close(): void {
    if (this.#state.kind === "lagging") this.#state.cancelPatience();
    this.#state = { kind: "closed" };
    for (const key of this.#cursors.keys()) this.leave(key);
  }

  /** Gives every topic its turn, a message each, until all are up to date or the connection is full. */
  #pump(): void {
    // Taking a snapshot closes a topic's open patch, which tells its listeners, this one too.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let sent = true; sent;) {
        sent = false;
        for (const [key, cursor] of this.#cursors) {
          if (this.#state.kind !== "live") return;
          if (this.#sendNext(key, cursor)) sent = true;
          if (this.#transport.unsentBytes > LAGGING_BYTES) this.#lag();
        }
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** False when there is nothing to send now. */
  #sendNext(key: string, cursor: Cursor): boolean {
    const next: Next = cursor.wantsSnapshot
      ? { kind: "snapshot", reason: "resync" }
      : cursor.topic.next(cursor.epoch, cursor.version);
    switch (next.kind) {
      case "nothing":
        return false;
      case "ended":
        this.leave(key);
        cursor.ended(next.why);
        return false;
      case "patch":
        cursor.version = next.patch.to;
        this.#transport.send(next.patch.bytes, () => this.#taken());
        return true;
      case "snapshot": {
        cursor.wantsSnapshot = false;
        const snapshot = cursor.topic.snapshot(next.reason);
        // Too large to be sent: the topic has ended, and the next turn says so.
        if (snapshot === undefined) return true;
        cursor.epoch = snapshot.epoch;
        cursor.version = snapshot.version;
        this.#transport.send(snapshot.bytes, () => this.#taken());
        return true;
      }
    }
  }

  #lag(): void {
    if (this.#state.kind === "closed") return;
    // One patience at a time: an older one would close a client that has long recovered.
    if (this.#state.kind === "lagging") this.#state.cancelPatience();
    const unsent = this.#transport.unsentBytes;
    const cancelPatience = this.#clock.after(STUCK_MS, () => {
      // A long snapshot over a slow line is progress too.
      if (this.#transport.unsentBytes < unsent) this.#lag();
      else this.#transport.close(`Nothing was read for ${STUCK_MS / 1000} s.`);
    });
    this.#state = { kind: "lagging", unsent, cancelPatience };
  }

  #taken(): void {
    if (this.#state.kind !== "lagging") return;
    this.#state.cancelPatience();
    if (this.#transport.unsentBytes > LAGGING_BYTES / 2) return this.#lag();
    this.#state = { kind: "live" };
    this.#pump();
  }
}
