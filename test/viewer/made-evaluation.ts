import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { tallyOf } from "../../src/protocol/tally.ts";
import type { TestResult } from "../../src/protocol/test-lines.ts";
import { madeRun, stamp, traced } from "./made-run.ts";

/** An attempt at a test as a test tells it; times are ms after the run's start. */
export interface MadeTest {
  readonly id: string;
  readonly begun: number;
  /** Left out while it runs. */
  readonly ended?: number;
  readonly attempt?: number;
  readonly suite?: string;
  readonly target?: string;
  readonly result?: Partial<TestResult>;
}

export function madeEvaluation(tests: readonly MadeTest[], planned = tests.length): RunState {
  const lines: TraceEvent[] = tests.flatMap(({ attempt = 1, begun, ended, id, result, ...of }) => {
    const node = [of.suite, id, of.target].filter((part) => part !== undefined).join("/");
    const name = `${node}#${attempt}`;
    const start = traced(0, begun, "test_started", name, { test: id, ...of, since: stamp(begun - 500) });
    if (ended === undefined) return [start];
    const durationMs = ended - begun;
    const end = traced(0, ended, "test_result", name, { state: "passed", score: 1, durationMs, ...result });
    return [start, end];
  });
  const trace = lines
    .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at))
    .map((line, index) => ({ ...line, seq: index + 1 }));
  return madeRun({
    sourceType: "agentv",
    sourceLabel: "AgentV",
    trace: Log.from(trace),
    tally: tallyOf([], planned),
  });
}

/** The run as its lines stood at a moment (ms since the epoch). */
export function cutRun(run: RunState, at: number): RunState {
  const lines = [...run.trace.entries(0, run.trace.length)].flatMap(([, line]) => line);
  return { ...run, trace: Log.from(lines.filter((line) => Date.parse(line.at) <= at)) };
}
