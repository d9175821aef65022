import type { TestState } from "../../protocol/tally.ts";
import type { GraderResult } from "../../protocol/test-lines.ts";
import type { Talk } from "../evaluation/evaluation-draft.ts";
import type { Digest, Grader, Task, Trial, Usage } from "./results.ts";
import { stateOf } from "./states.ts";
import { talkOf } from "./talk.ts";
import type { Transcript } from "./transcript.ts";

/** What a file has to tell of a test beyond the log. What it does not say is null. */
export interface Detail {
  readonly state: TestState;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly error: string | null;
  readonly cached: boolean;
  readonly graders: readonly GraderResult[];
  /** `id` names the attempt. */
  talk(id: string): Talk[];
}

/** Of a transcript file, which is written as the test ends. It has the last verdict of each grader. */
export function detailOfTranscript(transcript: Transcript, trial: number): Detail {
  const tokens = tokensOf(transcript.session?.usage ?? null, transcript.session ?? null);
  return {
    state: stateOf(transcript.status),
    score: null,
    durationMs: null,
    tokens,
    error: transcript.error_msg ?? null,
    cached: false,
    graders: gradersOf(transcript.validations, trial),
    talk: (id) =>
      talkOf(id, {
        transcript: transcript.transcript ?? [],
        tools: [],
        prompt: transcript.prompt ?? null,
        finalOutput: transcript.final_output ?? null,
        tokens,
      }),
  };
}

/** Of a task in a results file: all its trials. */
export function detailOfTask(task: Task): Detail {
  const trials = task.runs ?? [];
  const tokens = trials.map(tokensOfTrial).filter((count) => count !== null);
  const errors = trials.map(({ error_msg }) => error_msg ?? "").filter((text) => text !== "");
  return {
    state: stateOf(task.status),
    score: task.stats?.avg_score ?? mean(trials.map(scoreOf)),
    durationMs: task.stats?.avg_duration_ms ?? mean(trials.map(({ duration_ms }) => duration_ms ?? null)),
    tokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
    error: errors[0] ?? null,
    cached: task.cached === true,
    graders: trials.flatMap((trial, index) => gradersOf(trial.validations, trial.run_number ?? index + 1)),
    talk: (id) =>
      trials.flatMap((trial, index) =>
        talkOf(trials.length === 1 ? id : `${id}.${index + 1}`, {
          transcript: trial.transcript ?? [],
          tools: trial.tool_events ?? [],
          prompt: trial.prompt ?? null,
          finalOutput: trial.final_output ?? null,
          tokens: tokensOfTrial(trial),
        }),
      ),
  };
}

/** Which trial is said from the second on: of a single one it would say nothing. */
function gradersOf(graders: Transcript["validations"], trial: number): GraderResult[] {
  return Object.entries(graders ?? {})
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, grader]) => graderResult(name, trial, grader));
}

/** Known by its name and trial: one that is told again, with more, takes the place of the first. */
export function graderResult(name: string, trial: number, grader: Grader): GraderResult {
  const { duration_ms, feedback, passed, score, type, weight } = grader;
  return {
    name,
    verdict: passed ? "pass" : "fail",
    ...(type == null || type === "" ? {} : { kind: type }),
    ...(score == null ? {} : { score }),
    ...(weight == null ? {} : { weight }),
    ...(feedback == null || feedback === "" ? {} : { message: feedback }),
    ...(duration_ms == null ? {} : { durationMs: duration_ms }),
    ...(trial > 1 ? { trial } : {}),
  };
}

/** As waza reckons it: each grader counts the same. */
function scoreOf({ validations }: Trial): number | null {
  return mean(Object.values(validations ?? {}).map(({ score }) => score ?? null));
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function tokensOfTrial({ session_digest, usage }: Trial): number | null {
  return tokensOf(usage ?? session_digest?.usage ?? null, session_digest ?? null);
}

function tokensOf(usage: Usage | null, digest: Digest | null): number | null {
  const input = usage?.input_tokens ?? digest?.tokens_in;
  const output = usage?.output_tokens ?? digest?.tokens_out;
  if (input == null && output == null) return digest?.tokens_total ?? null;
  return (input ?? 0) + (output ?? 0);
}
