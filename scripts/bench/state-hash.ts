import { createHash } from "node:crypto";
import type { RunState } from "../../src/protocol/bundle.ts";
import { logNames, sessionOf } from "../../src/protocol/log-ranges.ts";
import type { Log } from "../../src/protocol/log.ts";

/**
 * What copies of one run are, as one hash each: equal for equal states. Copies
 * hold different parts of a log, by when they were sent a snapshot: what all of
 * them hold is compared, and the length.
 */
export function stateHashes(states: readonly RunState[]): string[] {
  const heldByAll = new Map<string, number>();
  for (const state of states) {
    for (const name of logNames(state)) {
      heldByAll.set(name, Math.max(heldByAll.get(name) ?? 0, logOf(state, name)?.heldFrom ?? 0));
    }
  }
  return states.map((state) => {
    const logs = new Map(
      logNames(state).map((name) => {
        const log = logOf(state, name);
        return [name, { length: log?.length, held: log?.slice(heldByAll.get(name) ?? 0, log.length) }];
      }),
    );
    const sessions = new Map(
      Object.entries(state.sessions).map(([id, { binding, record }]) => [id, { binding, record }]),
    );
    const { trace: _trace, ...rest } = state;
    const whole = { ...rest, sessions: [...sessions].sort(byName), logs: [...logs].sort(byName) };
    const text = JSON.stringify(whole, inOrder);
    return createHash("sha256").update(text).digest("hex");
  });
}

function logOf(state: RunState, name: string): Log<object> | undefined {
  const session = sessionOf(name);
  return session === null ? state.trace : state.sessions[session]?.events;
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

/** A patch adds members in another order than a snapshot lists them. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(byName));
}
