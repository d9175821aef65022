import type { RunsState, RunState } from "../../src/protocol/bundle.ts";
import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { FollowedRun, type OpenRun, type RunLife } from "./followed-run.ts";
import type { After } from "./slow-retry.ts";
import { advance, interrupted, placeOf, resumed, type Topic } from "./topic.ts";

export type { Failure, OpenRun, RunLife } from "./followed-run.ts";

interface SubscriptionEvents {
  readonly send: (message: ClientMessage) => void;
  readonly runs: (runs: RunsState) => void;
  readonly run: (run: OpenRun) => void;
  /** Of the run that the open one is compared with. */
  readonly beside?: (run: OpenRun) => void;
  /** A patch did not fit and a snapshot was asked for. */
  readonly resynced: () => void;
  readonly after: After;
}

/**
 * What this page is subscribed to: the list of runs, at most one open run, and at
 * most one beside it. Both may be the same for a while, where one becomes the other.
 */
export class Subscription {
  readonly #events: SubscriptionEvents;
  #runs: Topic<RunsState> = { kind: "awaiting", shown: null, place: null };
  readonly #open: FollowedRun;
  readonly #beside: FollowedRun;
  /** How many runs there were at the last look. */
  #total = 0;

  constructor(events: SubscriptionEvents) {
    this.#events = events;
    const follow = (run: (run: OpenRun) => void) =>
      new FollowedRun({
        send: events.send,
        run,
        left: (runId) => this.#left(runId),
        resynced: events.resynced,
        after: events.after,
      });
    this.#open = follow(events.run);
    this.#beside = follow((run) => events.beside?.(run));
  }

  /** A fresh connection: subscribe again to what is wanted, from the place held, and keep showing what was known. */
  opened(): void {
    this.#events.send({ type: "hello", protocol: "runreel.live.v1" });
    this.#runs = interrupted(this.#runs);
    this.#events.send({ type: "subscribe_runs", ...placeOf(this.#runs) });
    this.#open.opened();
    this.#beside.opened();
  }

  want(runId: string | null): void {
    this.#open.want(runId);
  }

  wantBeside(runId: string | null): void {
    this.#beside.want(runId);
  }

  /** Asks again for runs that could not be shown, if that is not under way. */
  retry(): void {
    this.#open.retry();
    this.#beside.retry();
  }

  /** More or less of a run is held than before; it is the same run. */
  change(life: RunLife, change: (run: RunState) => RunState): void {
    this.#open.change(life, change);
    this.#beside.change(life, change);
  }

  receive(message: ServerMessage): void {
    switch (message.type) {
      case "ready":
      case "pong":
      // Patches of acpx.replay.v1, which this page does not speak.
      case "run_patch":
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
      case "runs_resumed": {
        const runs = resumed(this.#runs, message);
        if (runs === null) this.#resync({ type: "resync_runs" });
        else this.#runs = runs;
        return;
      }
      case "runs_patch": {
        const { epoch, fromVersion, ops, toVersion } = message;
        const result = advance(this.#runs, { epoch, from: fromVersion, to: toVersion, ops });
        if (result.kind === "ignored") return;
        this.#runs = result.topic;
        if (result.kind === "gap") this.#resync({ type: "resync_runs" });
        else if (result.topic.shown !== null) this.#showRuns(result.topic.shown);
        return;
      }
      case "run_snapshot":
      case "run_resumed":
      case "patch":
      case "error":
        this.#open.receive(message);
        this.#beside.receive(message);
        return;
      default:
        return unreachable(message);
    }
  }

  /** On one connection a run is followed once, for whoever wants it. */
  #left(runId: string): void {
    if (this.#open.wanted === runId || this.#beside.wanted === runId) return;
    this.#events.send({ type: "unsubscribe_run", runId });
  }

  #showRuns(runs: RunsState): void {
    this.#events.runs(runs);
    const mayBeOlder = runs.total > this.#total && runs.total > runs.order.length;
    this.#total = runs.total;
    this.#open.listMoved(runs, mayBeOlder);
    this.#beside.listMoved(runs, mayBeOlder);
  }

  #resync(message: ClientMessage): void {
    this.#events.send(message);
    this.#events.resynced();
  }
}

function unreachable(message: never): void {
  void message;
}
