import { join } from "node:path";
import * as v from "valibot";
import type { RunState } from "../../src/protocol/bundle.ts";
import { GraderResult, TestResult, TestStarted } from "../../src/protocol/test-lines.ts";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { Following } from "./following.ts";
import { ManualClock } from "./manual-clock.ts";

/** What a run's trace says of its tests, short. */
export interface Told {
  readonly started: readonly string[];
  /** "adds: has-four pass", "?: has-four pass" where nobody can say whose. */
  readonly graded: readonly string[];
  /** The newest result of each test. */
  readonly results: ReadonlyMap<string, TestResult>;
}

/** Follows a run to where its files are read. */
export async function readWaza(dir: string, name: string, clock = new ManualClock(Date.now())) {
  const following = new Following(wazaSource(clock), join(dir, name));
  await following.readToTheEnd(clock);
  return following;
}

export function toldBy(state: RunState): Told {
  const started: string[] = [];
  const graded: string[] = [];
  const results = new Map<string, TestResult>();
  for (let line = 0; line < state.trace.length; line += 1) {
    const event = state.trace.at(line);
    const node = event?.nodeId ?? "?";
    switch (event?.type) {
      case "test_started": {
        const { target } = v.parse(TestStarted, event.payload);
        started.push(target == null ? node : `${node} (${target})`);
        break;
      }
      case "grader_result": {
        const { name, trial, verdict } = v.parse(GraderResult, event.payload);
        graded.push(`${node}: ${name} ${verdict}${trial == null ? "" : ` ${trial}`}`);
        break;
      }
      case "test_result":
        results.set(node, v.parse(TestResult, event.payload));
        break;
      default:
    }
  }
  return { started, graded, results };
}

/** The state of each test, by name. */
export function statesIn(state: RunState): Record<string, string> {
  return Object.fromEntries([...toldBy(state).results].map(([test, { state: each }]) => [test, each]));
}
