import { reviveRun, type RunsState, type RunState } from "../../src/protocol/bundle.ts";
import type { ClientMessage, ErrorCode, ServerMessage } from "../../src/protocol/messages.ts";
import { decodeOps } from "../../src/protocol/wire-ops.ts";
import { type After, SlowRetry } from "./slow-retry.ts";
import { advance, changed, interrupted, placeOf, resumed, type Topic } from "./topic.ts";

export type OpenRun =
  | { readonly kind: "none" }
  | { readonly kind: "loading"; readonly runId: string }
  | {
      readonly kind: "open";
      readonly runId: string;
      readonly life: RunLife;
      readonly state: RunState;
      /** Null while the run is followed. Else the state is the last there was. */
      readonly failure: Failure | null;
    }
  /** The server knows no such run. It is asked for again when the list names it. `wasOpen`: it was here until now. */
  | { readonly kind: "missing"; readonly runId: string; readonly wasOpen: boolean }
  /** The server cannot show the run. It is asked for again by and by. */
  | ({ readonly kind: "failed"; readonly runId: string } & Failure);

/** Why the server does not let a run be followed. */
export interface Failure {
  /** A sentence of the server's. */
  readonly message: string;
  /** It was asked for again, and the answer is awaited. */
  readonly isAsked: boolean;
}

/** From one snapshot to the next: for so long everything that was worked out stays true. Each is an object of its own. */
export interface RunLife {
  readonly runId: string;
  readonly epoch: string;
}

interface FollowedRunEvents {
  readonly send: (message: ClientMessage) => void;
  readonly run: (run: OpenRun) => void;
  /** It is wanted here no longer. */
  readonly left: (runId: string) => void;
  /** A patch did not fit and a snapshot was asked for. */
  readonly resynced: () => void;
  readonly after: After;
}

/** What comes of a run over the socket. */
export type RunMessage = Extract<
  ServerMessage,
  { readonly type: "run_snapshot" | "run_resumed" | "patch" | "error" }
>;

/** What the server said last of the wanted run, beside its state. */
type Refusal =
  | { readonly kind: "none" }
  | { readonly kind: "missing"; readonly wasOpen: boolean }
  | ({ readonly kind: "failed" } & Failure);

const NO_REFUSAL: Refusal = { kind: "none" };

/**
 * At most one run that this page is subscribed to. A message about any other run
 * than the wanted one is dropped, so a slow answer never takes the place of a
 * newer choice.
 */
export class FollowedRun {
  readonly #events: FollowedRunEvents;
  #run: Topic<RunState> = { kind: "awaiting", shown: null, place: null };
  #life: RunLife = { runId: "", epoch: "" };
  /** What the patches of the run are called on this connection. */
  #number: number | null = null;
  #wanted: string | null = null;
  #refusal: Refusal = NO_REFUSAL;
  readonly #retry: SlowRetry;

  constructor(events: FollowedRunEvents) {
    this.#events = events;
    this.#retry = new SlowRetry(events.after, () => this.#askAgain());
  }

  get wanted(): string | null {
    return this.#wanted;
  }

  /** A fresh connection: subscribes again from the place held, and keeps showing what was known. */
  opened(): void {
    this.#run = interrupted(this.#run);
    this.#number = null;
    // Another connection may be one to another server.
    this.#retry.reset();
    if (this.#refusal.kind === "failed") this.#askAgain();
    else this.#subscribe();
  }

  want(runId: string | null): void {
    const before = this.#wanted;
    if (runId === before) return;
    this.#wanted = runId;
    if (before !== null) this.#events.left(before);
    this.#accept();
    this.#run = { kind: "awaiting", shown: null, place: null };
    this.#number = null;
    if (runId === null) {
      this.#events.run({ kind: "none" });
      return;
    }
    this.#events.run({ kind: "loading", runId });
    this.#subscribe();
  }

  /** Asks again for a run that could not be shown, if that is not under way. */
  retry(): void {
    if (this.#refusal.kind !== "failed" || this.#refusal.isAsked) return;
    this.#retry.overtaken();
    this.#askAgain();
  }

  /** More or less of the run is held than before; it is the same run. */
  change(life: RunLife, change: (run: RunState) => RunState): void {
    if (life !== this.#life) return;
    this.#run = changed(this.#run, change);
    this.#showRun();
  }

  receive(message: RunMessage): void {
    switch (message.type) {
      case "run_snapshot": {
        const { epoch, runId, version } = message;
        if (runId !== this.#wanted) return;
        const state = reviveRun([], message.state);
        if (!isRunState(state)) return;
        this.#run = { kind: "synced", shown: state, epoch, version };
        this.#life = { runId, epoch };
        this.#number = message.topic ?? null;
        this.#accept();
        this.#showRun();
        return;
      }
      case "run_resumed": {
        const { runId, topic } = message;
        if (runId !== this.#wanted) return;
        const run = resumed(this.#run, message);
        if (run === null) return this.#resync({ type: "resync_run", runId });
        this.#run = run;
        this.#number = topic;
        // The state is the same; that it is followed again is news.
        if (this.#accept()) this.#showRun();
        return;
      }
      case "patch": {
        if (message.topic !== this.#number || this.#wanted === null) return;
        const result = advance(this.#run, { ...message, ops: decodeOps(message.ops) }, reviveRun);
        if (result.kind === "ignored") return;
        this.#run = result.topic;
        if (result.kind === "gap") this.#resync({ type: "resync_run", runId: this.#wanted });
        else this.#showRun();
        return;
      }
      case "error":
        if (message.runId === this.#wanted) this.#refused(message.code, message.message);
        return;
      default:
        return unreachable(message);
    }
  }

  /** The list is another one; `mayBeOlder`: a run came that need not be in its head. */
  listMoved(runs: RunsState, mayBeOlder: boolean): void {
    if (this.#refusal.kind !== "missing" || this.#wanted === null) return;
    if (!Object.hasOwn(runs.runsById, this.#wanted)) {
      // It may be the wanted one.
      if (mayBeOlder) this.#subscribe();
      return;
    }
    this.#refusal = NO_REFUSAL;
    this.#events.run({ kind: "loading", runId: this.#wanted });
    this.#subscribe();
  }

  #refused(code: ErrorCode, message: string): void {
    if (this.#wanted === null) return;
    this.#number = null;
    switch (code) {
      case "run_not_found":
        this.#retry.reset();
        return this.#missing(this.#wanted);
      case "internal_error":
      case "protocol_error":
      case "version_mismatch":
        this.#refusal = { kind: "failed", message, isAsked: false };
        this.#run = interrupted(this.#run);
        this.#retry.failed();
        return this.#showRun();
      default:
        return unreachable(code);
    }
  }

  #missing(runId: string): void {
    const wasOpen = this.#run.shown !== null || (this.#refusal.kind === "missing" && this.#refusal.wasOpen);
    this.#refusal = { kind: "missing", wasOpen };
    this.#run = { kind: "awaiting", shown: null, place: null };
    this.#events.run({ kind: "missing", runId, wasOpen });
  }

  /** Nothing is in the way of the wanted run; says whether it had failed. */
  #accept(): boolean {
    const hadFailed = this.#refusal.kind === "failed";
    this.#refusal = NO_REFUSAL;
    this.#retry.reset();
    return hadFailed;
  }

  #askAgain(): void {
    if (this.#refusal.kind !== "failed") return;
    this.#refusal = { ...this.#refusal, isAsked: true };
    this.#subscribe();
    this.#showRun();
  }

  #subscribe(): void {
    if (this.#wanted === null) return;
    this.#events.send({ type: "subscribe_run", runId: this.#wanted, ...placeOf(this.#run) });
  }

  #showRun(): void {
    const runId = this.#wanted;
    if (runId === null) return;
    const { shown } = this.#run;
    const failure = this.#refusal.kind === "failed" ? this.#refusal : null;
    if (shown !== null) this.#events.run({ kind: "open", runId, life: this.#life, state: shown, failure });
    else if (failure !== null) this.#events.run({ ...failure, runId });
  }

  #resync(message: ClientMessage): void {
    this.#events.send(message);
    this.#events.resynced();
  }
}

/** Enough of a look to tell a run's state from something else; the server has checked the rest. */
function isRunState(value: unknown): value is RunState {
  return (
    typeof value === "object" && value !== null && "manifest" in value && "trace" in value && "run" in value
  );
}

function unreachable(message: never): void {
  void message;
}
