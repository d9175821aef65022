import { computed, effect, signal, untracked } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { fetchOutline, fetchTimes } from "../live/ranges.ts";
import { beside, trimBeside } from "../live/state.ts";
import { breathe, pauseAfter } from "./breathe.ts";
import { Older } from "./older.ts";
import { RunIndex } from "./run-index.ts";

/**
 * The run that the open one is compared with: its steps, always as of its newest
 * moment. Of its logs the trace alone is read.
 */

const life = computed(() => (beside.value.kind === "open" ? beside.value.life : null));

/** One index a life of the run; its trace carries it on. */
const index = computed(() => {
  void life.value;
  return new RunIndex();
});
/** Counts what the index has learnt otherwise than from the run's trace. */
const learnt = signal(0);

/** The run and its index, up to date with it; null while there is none. */
export const indexedBeside = computed(() => {
  void learnt.value;
  const current = beside.value;
  if (current.kind !== "open") return null;
  index.value.trace.extend(current.state.trace);
  return { run: current.state, index: index.value };
});

/** Starts what brings the older part of its trace, for as long as there is such a run. */
export function startBeside(): void {
  let older: { readonly of: RunIndex; readonly bringer: Older } | null = null;
  effect(() => {
    const known = indexedBeside.value;
    if (older !== null && older.of !== known?.index) {
      older.bringer.end();
      older = null;
    }
    if (known === null) return;
    older ??= { of: known.index, bringer: bringOlder(known.index) };
    older.bringer.follow(traceOf(known.run));
    untracked(trimBeside);
  });
}

function traceOf(run: RunState): RunState {
  return { ...run, sessions: {} };
}

function bringOlder(of: RunIndex): Older {
  const own = untracked(() => life.value);
  const never = { kind: "over" } as const;
  return new Older(of, {
    times: (log) => (own === null ? Promise.resolve(never) : fetchTimes(own, log)),
    outline: (log, from) => (own === null ? Promise.resolve(never) : fetchOutline(own, log, from)),
    breathe,
    wait: pauseAfter,
    changed: () => {
      if (untracked(() => index.value) === of) learnt.value += 1;
    },
    // It is asked for again by itself; until then the comparison is not whole, and says so.
    failed: () => {},
  });
}
