import { type RunState, reviveRun } from "../protocol/bundle.ts";
import { Log } from "../protocol/log.ts";
import { applyPatch, type PatchOp } from "../protocol/patch.ts";
import { parsePointer } from "../protocol/pointer.ts";
import type { Topic } from "./topic.ts";

/**
 * Takes a follower's ops: into a bare state while the run is first read, then
 * into its topic.
 *
 * While it is read a run gets most of its entries, and nobody looks at the states
 * in between. So what is appended to one log is put in place at once, not with
 * a copy of all sessions' names for every line.
 */
export class LoadTarget {
  #loading: RunState;
  /** Entries on their way to one log, by its path. */
  #appended: { readonly path: string; readonly values: unknown[] } | undefined;
  #topic: Topic<RunState> | undefined;

  constructor(state: RunState) {
    this.#loading = state;
  }

  get state(): RunState {
    if (this.#topic !== undefined) return this.#topic.state;
    this.#settle();
    return this.#loading;
  }

  apply(ops: readonly PatchOp[]): void {
    if (this.#topic !== undefined) return this.#topic.apply(ops);
    for (const op of ops) {
      if (op.op === "append" && this.#appended?.path === op.path) {
        this.#appended.values.push(op.value);
        continue;
      }
      this.#settle();
      if (op.op === "append") this.#appended = { path: op.path, values: [op.value] };
      else this.#loading = applyPatch(this.#loading, [op], reviveRun);
    }
  }

  attach(topic: Topic<RunState>): void {
    this.#topic = topic;
  }

  #settle(): void {
    const appended = this.#appended;
    if (appended === undefined) return;
    this.#appended = undefined;
    const { path, values } = appended;
    const log = logAt(this.#loading, path);
    const ops: PatchOp[] =
      log === undefined
        ? values.map((value) => ({ op: "append", path, value }))
        : [
            {
              op: "replace",
              path,
              value: values.reduce<Log<unknown>>((grown, value) => grown.append(value), log),
            },
          ];
    this.#loading = applyPatch(this.#loading, ops, reviveRun);
  }
}

function logAt(state: RunState, path: string): Log<unknown> | undefined {
  const [top, id, part] = parsePointer(path);
  if (top === "trace") return state.trace;
  if (top === "steps") return state.steps;
  return top === "sessions" && part === "events" ? state.sessions[id ?? ""]?.events : undefined;
}
