import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { applyPatch, type PatchOp, type Revive } from "../protocol/patch.ts";
import { Pace } from "./pace.ts";

/** The time between two patches of a busy topic. Under 50 ms, so that a producer that writes every 50 ms never waits. */
const FLUSH_MS = 40;
/** How much of its latest patches a topic keeps for clients that fell behind; the latest one always. */
const RING_BYTES = 4 * 1024 * 1024;

/** A patch as it goes over the wire: encoded once, shared by every client. */
export interface EncodedPatch {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

export interface EncodedSnapshot {
  readonly epoch: string;
  readonly version: number;
  readonly bytes: Buffer;
}

/** How a topic's messages look on the wire. */
export interface Wire<State> {
  encodeSnapshot(snapshot: { epoch: string; version: number; state: State }): string;
  encodePatch(patch: {
    epoch: string;
    fromVersion: number;
    toVersion: number;
    ops: readonly PatchOp[];
  }): string;
}

/** What a client's place in a topic needs next. */
export type Next =
  | { readonly kind: "nothing" }
  | { readonly kind: "patch"; readonly patch: EncodedPatch }
  | { readonly kind: "snapshot" }
  /** The topic is closed: its run is gone. */
  | { readonly kind: "ended" };

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
  readonly #pace: Pace;
  readonly #listeners = new Set<() => void>();
  #state: State;
  #epoch = newEpoch();
  #version = 1;
  #pending: PatchOp[] = [];
  #ring: EncodedPatch[] = [];
  #ringBytes = 0;
  #snapshot: EncodedSnapshot | undefined;
  #ended = false;

  constructor(state: State, wire: Wire<State>, clock: Clock, revive?: Revive) {
    this.#state = state;
    this.#wire = wire;
    this.#revive = revive;
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
    this.#state = applyPatch(this.#state, ops, this.#revive);
    for (const op of ops) this.#pending.push(op);
    this.#pace.request();
  }

  /** Starts over with another state: every client gets a snapshot. */
  restart(state: State): void {
    this.#state = state;
    this.#epoch = newEpoch();
    this.#version = 1;
    this.#pending = [];
    this.#ring = [];
    this.#ringBytes = 0;
    this.#snapshot = undefined;
    this.#tell();
  }

  /** Closes the patch that is being collected, if there is anything in it. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const ops = this.#pending;
    this.#pending = [];
    const fromVersion = this.#version;
    const toVersion = fromVersion + 1;
    this.#version = toVersion;
    this.#snapshot = undefined;
    const text = this.#wire.encodePatch({ epoch: this.#epoch, fromVersion, toVersion, ops });
    this.#keep({ from: fromVersion, to: toVersion, bytes: Buffer.from(text) });
    this.#tell();
  }

  /** The state as it stands, everything applied so far included. Encoded once a version. */
  snapshot(): EncodedSnapshot {
    this.flush();
    this.#snapshot ??= {
      epoch: this.#epoch,
      version: this.#version,
      bytes: Buffer.from(
        this.#wire.encodeSnapshot({ epoch: this.#epoch, version: this.#version, state: this.#state }),
      ),
    };
    return this.#snapshot;
  }

  /** What a client that holds `version` of `epoch` needs next. */
  next(epoch: string, version: number): Next {
    if (this.#ended) return { kind: "ended" };
    if (epoch !== this.#epoch || version > this.#version) return { kind: "snapshot" };
    if (version === this.#version) return { kind: "nothing" };
    const patch = this.#ring[this.#ring.length - (this.#version - version)];
    return patch === undefined ? { kind: "snapshot" } : { kind: "patch", patch };
  }

  /** Calls `listener` after every version, every restart and the end; gives back the way to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#ended = true;
    this.#pace.stop();
    this.#tell();
    this.#listeners.clear();
  }

  #keep(patch: EncodedPatch): void {
    this.#ring.push(patch);
    this.#ringBytes += patch.bytes.length;
    let drop = 0;
    while (this.#ringBytes > RING_BYTES && drop < this.#ring.length - 1) {
      this.#ringBytes -= this.#ring[drop]!.bytes.length;
      drop += 1;
    }
    if (drop > 0) this.#ring.splice(0, drop);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Short, because every patch carries it; 36^6 values make a repeat after a restart unlikely enough. */
function newEpoch(): string {
  return (randomBytes(5).readUIntBE(0, 5) % 36 ** 6).toString(36).padStart(6, "0");
}
