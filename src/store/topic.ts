import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { SnapshotReason } from "../protocol/messages.ts";
import { applyPatch, type PatchOp, type Revive } from "../protocol/patch.ts";
import { Pace } from "./pace.ts";

/** The time between two patches of a busy topic. Under 50 ms, so that a producer that writes every 50 ms never waits. */
const FLUSH_MS = 40;
/**
 * How much of its latest patches a topic keeps for clients that fell behind; the
 * latest one always. Joined patches are a client's own until the network has taken
 * them, so of these it is what a client may cost.
 */
const RING_BYTES = 4 * 1024 * 1024;
const RING_BYTES_JOINED = 1024 * 1024;

/** A patch as it goes over the wire: encoded once, shared by every client. */
export interface EncodedPatch {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/** A patch in the ring: the message, and which part of it are the ops. */
interface KeptPatch extends EncodedPatch {
  readonly ops: Buffer;
}

export interface EncodedSnapshot {
  readonly epoch: string;
  readonly version: number;
  readonly bytes: Buffer;
}

/** How a topic's messages look on the wire, as JSON texts. */
export interface Wire<State> {
  encodeSnapshot(snapshot: {
    epoch: string;
    version: number;
    /** Undefined where the protocol has no word for it. */
    reason: SnapshotReason | undefined;
    state: State;
  }): string;
  /** Does a snapshot say why it comes? */
  readonly tellsReason: boolean;
  /** May a patch cover several versions? A client that missed some then gets them as one. */
  readonly joins: boolean;
  /** What stands before and after a patch's ops. */
  frameOf(patch: { epoch: string; from: number; to: number }): readonly [before: string, after: string];
  /** A list without its brackets, so that the ops of patches in a row can be joined by commas. */
  encodeOps(ops: readonly PatchOp[]): string;
}

interface TopicParts<State> {
  readonly state: State;
  readonly wire: Wire<State>;
  readonly clock: Clock;
  /** Told why a state could not be encoded; the topic has then ended. */
  readonly onError: (error: unknown) => void;
  readonly revive?: Revive;
}

/** Why a topic is over: its run is gone or nobody reads it, or it outgrew what can be sent. */
export type TopicEnd = "closed" | "too_large";

/** What a client's place in a topic needs next. */
export type Next =
  | { readonly kind: "nothing" }
  | { readonly kind: "patch"; readonly patch: EncodedPatch }
  | { readonly kind: "snapshot"; readonly reason: SnapshotReason }
  | { readonly kind: "ended"; readonly why: TopicEnd };

/**
 * Something to subscribe to: the list of runs, or one run. It owns a state and
 * is the only one to advance its version.
 *
 * What always holds:
 * - The state moves only through `applyPatch`, by the ops that clients get.
 * - version n holds exactly the patches up to n; a snapshot is taken at a version.
 * - A new epoch means: nothing known of the old one fits any more.
 * - Patches in the ring are contiguous and end at the present version.
 */
export class Topic<State> {
  readonly #wire: Wire<State>;
  readonly #revive: Revive | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #pace: Pace;
  readonly #listeners = new Set<() => void>();
  #state: State;
  #epoch = newEpoch();
  #version = 1;
  #pending: PatchOp[] = [];
  #ring: KeptPatch[] = [];
  #ringBytes = 0;
  /** The snapshots made of the present version so far, by why they came. */
  #snapshots = new Map<SnapshotReason | undefined, EncodedSnapshot>();
  /** The catch-up that was made last: clients that stalled together catch up together. */
  #catchUp: EncodedPatch | undefined;
  #end: TopicEnd | undefined;

  constructor({ state, wire, clock, onError, revive }: TopicParts<State>) {
    this.#state = state;
    this.#wire = wire;
    this.#revive = revive;
    this.#onError = onError;
    this.#pace = new Pace(FLUSH_MS, clock, () => this.flush());
  }

  get state(): State {
    return this.#state;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get version(): number {
    return this.#version;
  }

  /** Moves the state; the ops leave with the next flush. Throws PatchError, the state then stands. */
  apply(ops: readonly PatchOp[]): void {
    if (this.#end !== undefined) return;
    this.#state = applyPatch(this.#state, ops, this.#revive);
    for (const op of ops) this.#pending.push(op);
    this.#pace.request();
  }

  /** Starts over with another state: every client gets a snapshot. */
  restart(state: State): void {
    this.#state = state;
    this.#epoch = newEpoch(this.#epoch);
    this.#version = 1;
    this.#pending = [];
    this.#ring = [];
    this.#ringBytes = 0;
    this.#snapshots.clear();
    this.#catchUp = undefined;
    this.#tell();
  }

  /**
   * Lets go of parts of the state that nobody needs in memory. What the state is
   * does not change by it: `change` gives the same state with less of it held.
   */
  trim(change: (state: State) => State): void {
    this.#state = change(this.#state);
  }

  /** Closes the patch that is being collected, if there is anything in it. */
  flush(): void {
    if (this.#pending.length === 0 || this.#end !== undefined) return;
    const ops = this.#pending;
    this.#pending = [];
    const fromVersion = this.#version;
    const toVersion = fromVersion + 1;
    this.#version = toVersion;
    this.#snapshots.clear();
    this.#catchUp = undefined;
    const patch = this.#encode(() => {
      const text = this.#wire.encodeOps(ops);
      return this.#patch(fromVersion, toVersion, Buffer.from(text));
    });
    if (patch === undefined) return;
    this.#keep(patch);
    this.#tell();
  }

  /**
   * The state as it stands, everything applied so far included. Encoded once a
   * version. Undefined when the topic has ended, if only because of this.
   */
  snapshot(reason: SnapshotReason = "first"): EncodedSnapshot | undefined {
    this.flush();
    if (this.#end !== undefined) return undefined;
    const why = this.#wire.tellsReason ? reason : undefined;
    const known = this.#snapshots.get(why);
    if (known !== undefined) return known;
    const [epoch, version, state] = [this.#epoch, this.#version, this.#state];
    const bytes = this.#encode(() =>
      Buffer.from(this.#wire.encodeSnapshot({ epoch, version, reason: why, state })),
    );
    if (bytes === undefined) return undefined;
    const snapshot = { epoch, version, bytes };
    this.#snapshots.set(why, snapshot);
    return snapshot;
  }

  /** What a client that holds `version` of `epoch` needs next; no epoch: it holds nothing yet. */
  next(epoch: string, version: number): Next {
    if (this.#end !== undefined) return { kind: "ended", why: this.#end };
    if (epoch === "") return { kind: "snapshot", reason: "first" };
    if (epoch !== this.#epoch) return { kind: "snapshot", reason: "new_epoch" };
    if (version > this.#version) return { kind: "snapshot", reason: "client_ahead" };
    if (version === this.#version) return { kind: "nothing" };
    const missing = this.#version - version;
    const patch = this.#ring[this.#ring.length - missing];
    if (patch === undefined) return { kind: "snapshot", reason: "too_old" };
    if (missing === 1 || !this.#wire.joins) return { kind: "patch", patch };
    if (this.#catchUp?.from !== version) this.#catchUp = this.#merge(missing);
    return { kind: "patch", patch: this.#catchUp };
  }

  /** The last `count` patches as one. */
  #merge(count: number): EncodedPatch {
    const parts = this.#ring.slice(-count).flatMap(({ ops }) => [COMMA, ops]);
    return this.#patch(this.#version - count, this.#version, Buffer.concat(parts.slice(1)));
  }

  #patch(from: number, to: number, ops: Buffer): KeptPatch {
    const [before, after] = this.#wire.frameOf({ epoch: this.#epoch, from, to });
    const bytes = Buffer.concat([Buffer.from(before), ops, Buffer.from(after)]);
    const begin = Buffer.byteLength(before);
    return { from, to, bytes, ops: bytes.subarray(begin, begin + ops.length) };
  }

  /** Calls `listener` after every version, every restart and the end; gives back the way to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  close(): void {
    this.#endAs("closed");
  }

  /** A text can hold half a gigabyte; a state can grow past that. Then this topic ends, and nothing else. */
  #encode<Encoded>(encode: () => Encoded): Encoded | undefined {
    try {
      return encode();
    } catch (error) {
      this.#onError(error);
      this.#endAs("too_large");
      return undefined;
    }
  }

  #endAs(end: TopicEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#pace.stop();
    this.#snapshots.clear();
    this.#catchUp = undefined;
    this.#ring = [];
    this.#tell();
    this.#listeners.clear();
  }

  #keep(patch: KeptPatch): void {
    this.#ring.push(patch);
    this.#ringBytes += patch.bytes.length;
    const most = this.#wire.joins ? RING_BYTES_JOINED : RING_BYTES;
    let drop = 0;
    while (this.#ringBytes > most && drop < this.#ring.length - 1) {
      this.#ringBytes -= this.#ring[drop]!.bytes.length;
      drop += 1;
    }
    if (drop > 0) this.#ring.splice(0, drop);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const COMMA = Buffer.from(",");

/** Short, because every patch carries it; one in 16 million repeats the last after a restart. */
function newEpoch(before = ""): string {
  const epoch = randomBytes(3).toString("base64url");
  return epoch === before ? newEpoch(before) : epoch;
}
