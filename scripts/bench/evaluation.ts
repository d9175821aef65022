import { appendFileSync, createWriteStream } from "node:fs";
import { once } from "node:events";
import { type AgentvTest, AgentvRun } from "../demo/agentv-run.ts";

const SECOND_MS = 1_000;
const TEST_MS = 4_000;
const LINES = [
  "The change reads one parcel more than the page before it holds,",
  "and the cache answers with what it was asked for first.",
  "Nothing in the log says who had the lock when the export began.",
] as const;

export interface EvaluationOptions {
  /** The folder that the run's own is in. */
  readonly root: string;
  /** Tests that have ended. */
  readonly tests: number;
  /** Those that have yet to begin; none: the run is over. */
  readonly toCome?: number;
  /** Before now its last test ended. */
  readonly agoMs?: number;
  /** Another number makes other outcomes. */
  readonly turn?: number;
}

/** An evaluation of AgentV 4 as its files are, and what may be added to them. */
export interface Evaluation {
  readonly runId: string;
  readonly index: string;
  /** Appends the result of one more test. Synchronous, so that a caller can time it. */
  appendResult(): void;
}

/**
 * Writes an evaluation, all at once. A test ends every second, in lanes that overlap, and
 * what was said in it is about 2 kB. While tests are to come the rows stand as AgentV
 * appends them; else the index is written anew as at its end, with no files beside it.
 */
export async function writeEvaluation(options: EvaluationOptions): Promise<Evaluation> {
  const { agoMs = 0, root, tests, toCome = 0, turn = 0 } = options;
  const endedMs = Date.now() - agoMs;
  const startedAt = new Date(endedMs - tests * SECOND_MS - TEST_MS);
  const run = new AgentvRun(root, startedAt, "evals/parcels.eval.yaml", tests + toCome);
  await run.start();
  const out = createWriteStream(run.index);
  for (let number = 0; number < tests; number += 1) {
    const at = new Date(endedMs - (tests - 1 - number) * SECOND_MS);
    if (!out.write(run.line(testOf(number, turn), at))) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  let next = tests;
  return {
    runId: run.runId,
    index: run.index,
    appendResult() {
      const line = run.line(testOf(next, turn), new Date());
      next += 1;
      appendFileSync(run.index, line);
    },
  };
}

function testOf(number: number, turn: number): AgentvTest {
  const drawn = Math.imul(number + 1, 2_654_435_761 + 40_503 * turn) >>> 0;
  const share = drawn / 2 ** 32;
  const score = (share < 0.1 ? Math.round(share * 500) : 80 + Math.round(share * 20)) / 100;
  return {
    id: `parcel-${String(number).padStart(5, "0")}`,
    suite: `suite-${number % 12}`,
    target: "mock",
    question: `Parcel ${number}: ${LINES[0]}`,
    answer: `${LINES[1]} ${number}`,
    score,
    durationMs: 1_000 + (drawn % TEST_MS),
    tokens: [900 + (drawn % 400), 80 + (drawn % 50)],
    costUsd: 0.001 + (drawn % 100) / 100_000,
    tools: [{ name: "read", input: { path: `parcels/${number}.txt` }, output: LINES.join(" ").repeat(8) }],
    ...(share > 0.98 ? { error: "The agent closed its output." } : {}),
  };
}
