import { reviveRun, type RunsState, type RunState } from "../../src/protocol/bundle.ts";
import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { advance, type Topic } from "./topic.ts";

export type OpenRun =
  | { readonly kind: "none" }
  | { readonly kind: "loading"; readonly runId: string }
  | { readonly kind: "open"; readonly runId: string; readonly state: RunState }
  /** The server knows no such run. It is asked for again when the list names it. */
  | { readonly kind: "missing"; readonly runId: string };

interface SubscriptionEvents {
  readonly send: (message: ClientMessage) => void;
  readonly runs: (runs: RunsState) => void;
  readonly run: (run: OpenRun) => void;
  /** A patch did not fit and a snapshot was asked for. */
  readonly resynced: () => void;
}

/**
 * What this page is subscribed to: the list of runs, and at most one run.
 * A message about any other run than the wanted one is dropped, so a slow
 * answer never takes the place of a newer choice.
 */
export class Subscription {
  readonly #events: SubscriptionEvents;
  #runs: Topic<RunsState> = { kind: "awaiting", shown: null };
  #run: Topic<RunState> = { kind: "awaiting", shown: null };
  #wanted: string | null = null;
  #missing = false;
  /** How many runs there were at the last look. */
  #total = 0;

  constructor(events: SubscriptionEvents) {
    this.#events = events;
  }

  /** A fresh connection: subscribe again to what is wanted, and keep showing what was known. */
  opened(): void {
    this.#events.send({ type: "hello", protocol: "runreel.live.v1" });
    this.#runs = { kind: "awaiting", shown: this.#runs.shown };
    this.#events.send({ type: "subscribe_runs" });
    this.#run = { kind: "awaiting", shown: this.#run.shown };
    if (this.#wanted !== null) this.#events.send({ type: "subscribe_run", runId: this.#wanted });
  }

  want(runId: string | null): void {
    if (runId === this.#wanted) return;
    if (this.#wanted !== null) this.#events.send({ type: "unsubscribe_run", runId: this.#wanted });
    this.#wanted = runId;
    this.#missing = false;
    this.#run = { kind: "awaiting", shown: null };
    if (runId === null) {
      this.#events.run({ kind: "none" });
      return;
    }
    this.#events.run({ kind: "loading", runId });
    this.#events.send({ type: "subscribe_run", runId });
  }

  receive(message: ServerMessage): void {
    switch (message.type) {
      case "ready":
      case "pong":
        return;
      case "runs_snapshot":
        this.#runs = {
          kind: "synced",
          shown: message.state,
          epoch: message.epoch,
          version: message.version,
        };
        this.#showRuns(message.state);
        return;
      case "runs_patch": {
        const result = advance(this.#runs, message);
        if (result.kind === "ignored") return;
        this.#runs = result.topic;
        if (result.kind === "gap") this.#resync({ type: "resync_runs" });
        else if (result.topic.shown !== null) this.#showRuns(result.topic.shown);
        return;
      }
      case "run_snapshot": {
        if (message.runId !== this.#wanted) return;
        const state = reviveRun([], message.state);
        if (!isRunState(state)) return;
        this.#run = { kind: "synced", shown: state, epoch: message.epoch, version: message.version };
        this.#missing = false;
        this.#events.run({ kind: "open", runId: message.runId, state });
        return;
      }
      case "run_patch": {
        if (message.runId !== this.#wanted) return;
        const result = advance(this.#run, message, reviveRun);
        if (result.kind === "ignored") return;
        this.#run = result.topic;
        if (result.kind === "gap") this.#resync({ type: "resync_run", runId: message.runId });
        else if (result.topic.shown !== null)
          this.#events.run({ kind: "open", runId: message.runId, state: result.topic.shown });
        return;
      }
      case "error":
        if (message.code !== "run_not_found" || message.runId !== this.#wanted) return;
        this.#missing = true;
        this.#run = { kind: "awaiting", shown: null };
        this.#events.run({ kind: "missing", runId: message.runId });
        return;
      default:
        return unreachable(message);
    }
  }

  #showRuns(runs: RunsState): void {
    this.#events.runs(runs);
    const mayBeOlder = runs.total > this.#total && runs.total > runs.order.length;
    this.#total = runs.total;
    if (!this.#missing || this.#wanted === null) return;
    if (!Object.hasOwn(runs.runsById, this.#wanted)) {
      // Another run came, and not all of them are in the head: it may be the wanted one.
      if (mayBeOlder) this.#events.send({ type: "subscribe_run", runId: this.#wanted });
      return;
    }
    this.#missing = false;
    this.#events.run({ kind: "loading", runId: this.#wanted });
    this.#events.send({ type: "subscribe_run", runId: this.#wanted });
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
