import { createHash } from "node:crypto";

/** What AgentV's files look like, in its two layouts. */

/** A test case as a script for `AgentvRun` tells it. */
export interface AgentvTest {
  readonly id: string;
  readonly suite?: string;
  readonly target?: string;
  readonly question: string;
  readonly answer: string;
  /** 0 to 1. */
  readonly score: number;
  /** Set where the agent could not be run at all. */
  readonly error?: string;
  readonly durationMs: number;
  readonly tokens?: readonly [input: number, output: number];
  readonly costUsd?: number;
  readonly tools?: readonly AgentvTool[];
  /** Without them one that looks for the answer, with the test's score. */
  readonly graders?: readonly AgentvGrader[];
}

interface AgentvTool {
  readonly name: string;
  readonly input: object;
  readonly output: string;
  readonly durationMs?: number;
  readonly failed?: boolean;
}

interface AgentvGrader {
  readonly name: string;
  readonly type: string;
  readonly score: number;
  readonly weight?: number;
  readonly reasoning?: string;
  readonly assertions: readonly {
    readonly text: string;
    readonly passed: boolean;
    readonly evidence?: string;
  }[];
}

export interface Row {
  readonly [field: string]: unknown;
  readonly timestamp: string;
}
type Layout = "A" | "B";

export function suiteOf(test: AgentvTest): string {
  return test.suite ?? "arithmetic";
}

export function targetOf(test: AgentvTest): string {
  return test.target ?? "mock";
}

export function stub(
  layout: Layout,
  evalFile: string,
  startedAt: Date,
  planned: number,
  runId: string,
): string {
  const metadata = metadataOf(evalFile, startedAt.toISOString(), [], [], planned);
  const notes = ["No results to summarize"];
  return pretty(
    layout === "A"
      ? { metadata, run_summary: {}, notes }
      : {
          run_id: runId,
          counts: { total_tests: 0, passed_tests: 0 },
          tests: [],
          metadata,
          run_summary: {},
          notes,
        },
  );
}

export function summaryOf(
  layout: Layout,
  evalFile: string,
  rows: readonly { readonly row: Row; readonly test: AgentvTest }[],
  planned: number,
  runId: string,
): string {
  const ids = [...new Set(rows.map(({ test }) => test.id))].toSorted();
  const targets = [...new Set(rows.map(({ test }) => targetOf(test)))].toSorted();
  // The first row's time, and no longer the start's.
  const metadata = metadataOf(evalFile, rows[0]?.row.timestamp ?? "", targets, ids, planned);
  if (layout === "A") return pretty({ metadata, run_summary: {}, notes: [] });
  const tests = rows.map(({ test }) => ({
    test_id: test.id,
    suite: suiteOf(test),
    target: targetOf(test),
    samples: [{ sample_index: 1, status: isPassed(test) ? "passed" : "failed", score: test.score }],
  }));
  const counts = { total_tests: rows.length, passed_tests: rows.filter(({ test }) => isPassed(test)).length };
  return pretty({ run_id: runId, counts, tests, metadata, run_summary: {}, notes: [] });
}

function metadataOf(
  evalFile: string,
  timestamp: string,
  targets: readonly string[],
  tests_run: readonly string[],
  planned_test_count: number,
): Record<string, unknown> {
  return { eval_file: evalFile, timestamp, targets, tests_run, experiment: "default", planned_test_count };
}

function common(test: AgentvTest, at: string): Row {
  const [input, output] = test.tokens ?? [];
  return {
    timestamp: at,
    test_id: test.id,
    suite: suiteOf(test),
    category: "Uncategorized",
    score: test.score,
    target: targetOf(test),
    ...(test.error === undefined ? { duration_ms: test.durationMs } : {}),
    ...(input === undefined ? {} : { token_usage: { input, output } }),
    ...(test.costUsd === undefined ? {} : { cost_usd: test.costUsd }),
    execution_status:
      test.error !== undefined ? "execution_error" : isPassed(test) ? "ok" : "quality_failure",
    ...(test.error === undefined
      ? {}
      : { error: test.error, failure_stage: "agent", failure_reason_code: "provider_error" }),
  };
}

/** A row as it is appended when a test has ended: with all that was said. */
export function liveRow(test: AgentvTest, at: Date): Row {
  const scores = scoresOf(test, at.toISOString());
  const messages = messagesOf(test, at);
  return {
    ...common(test, at.toISOString()),
    assertions: assertionsOf(test, at),
    input: messages.slice(0, 1),
    output: outputOf(test),
    ...(scores.length === 0 ? {} : { scores }),
    trace: { messages, events: eventsOf(test), tool_calls: {} },
  };
}

/** The same at the end: without what was said, and with the names of files instead. */
export function finalRow(layout: Layout, row: Row, test: AgentvTest): Row {
  const { assertions: _, input: __, output: ___, trace: ____, ...rest } = row;
  const dir = folderOf(layout, test);
  if (layout === "A")
    return {
      ...rest,
      artifact_dir: dir,
      grading_path: `${dir}/grading.json`,
      timing_path: `${dir}/timing.json`,
      output_path: `${dir}/outputs/answer.md`,
      answer_path: `${dir}/outputs/answer.md`,
      transcript_path: `${dir}/outputs/transcript.jsonl`,
      input_path: `${dir}/input.md`,
      response_path: `${dir}/outputs/response.md`,
      experiment: "default",
    };
  const { scores: _scores, ...figures } = rest;
  const scores = scoresOf(test, row.timestamp).map(({ assertions, verdict, ...score }) => ({
    ...score,
    pass: verdict === "pass",
    reason: assertions.find(({ passed }) => !passed)?.text ?? "Grader passed.",
  }));
  const sample = `${dir}/sample-1`;
  return {
    ...figures,
    ...(scores.length === 0 ? {} : { scores }),
    result_dir: dir,
    grading_path: `${sample}/grading.json`,
    summary_path: `${dir}/summary.json`,
    output_path: `${sample}/outputs/answer.md`,
    answer_path: `${sample}/outputs/answer.md`,
    transcript_path: `${sample}/transcript.json`,
    transcript_raw_path: `${sample}/transcript-raw.jsonl`,
    stderr_path: `${sample}/stderr.txt`,
    experiment: "default",
  };
}

/** The files that a final row names, and what stands in them. */
export function sideFiles(layout: Layout, row: Row, test: AgentvTest): [name: string, text: string][] {
  const at = new Date(row.timestamp);
  const dir = folderOf(layout, test);
  const lines = messagesOf(test, at).map((message, message_index) =>
    JSON.stringify({ schema_version: "agentv.transcript.v1", test_id: test.id, message_index, ...message }),
  );
  const transcript = lines.map((line) => `${line}\n`).join("");
  const scores = scoresOf(test, at.toISOString());
  if (layout === "A") {
    const assertions = assertionsOf(test, at).map((assertion) => ({ evidence: "", ...assertion }));
    return [
      [`${dir}/grading.json`, pretty({ assertions, ...(scores.length === 0 ? {} : { graders: scores }) })],
      [`${dir}/timing.json`, pretty({ duration_ms: test.durationMs })],
      [`${dir}/input.md`, `@[user]:\n${test.question}`],
      [`${dir}/outputs/answer.md`, outputOf(test)],
      [`${dir}/outputs/response.md`, outputOf(test)],
      [`${dir}/outputs/transcript.jsonl`, transcript],
    ];
  }
  const component_results = scores.map(({ assertions, name, score, type, verdict, weight }) => ({
    pass: verdict === "pass",
    score,
    component_results: assertions.map(({ evidence, passed, text }) => ({
      pass: passed,
      score: passed ? 1 : 0,
      reason: evidence ?? text,
      assertion: { name, type, weight, value: text },
    })),
    assertion: { name, type, weight },
  }));
  return [
    [`${dir}/summary.json`, pretty({ total_samples: 1, passed_samples: isPassed(test) ? 1 : 0 })],
    [`${dir}/sample-1/grading.json`, pretty({ pass: isPassed(test), score: test.score, component_results })],
    [`${dir}/sample-1/outputs/answer.md`, outputOf(test)],
    [
      `${dir}/sample-1/transcript.json`,
      pretty({ schema_version: "agentv.normalized_transcript.v1", turns: [] }),
    ],
    [`${dir}/sample-1/transcript-raw.jsonl`, transcript],
    [`${dir}/sample-1/stderr.txt`, test.error ?? ""],
  ];
}

function folderOf(layout: Layout, test: AgentvTest): string {
  const { target } = test;
  if (layout === "A") return [suiteOf(test), test.id, ...(target === undefined ? [] : [target])].join("/");
  const hash = createHash("sha256")
    .update(`${suiteOf(test)} ${test.id} ${targetOf(test)}`)
    .digest("hex");
  return `${test.id}--${hash.slice(0, 12)}`;
}

interface Score {
  readonly name: string;
  readonly type: string;
  readonly score: number;
  readonly weight: number;
  readonly verdict: "pass" | "fail";
  readonly assertions: AgentvGrader["assertions"];
  readonly reasoning?: string;
  readonly duration_ms: number;
  readonly started_at: string;
  readonly ended_at: string;
}

/** A test whose agent failed has no graders, only an assertion that says so. */
function scoresOf(test: AgentvTest, at: string): Score[] {
  if (test.error !== undefined) return [];
  const passed = isPassed(test);
  const usual = {
    name: "has-answer",
    type: "contains",
    score: test.score,
    assertions: [{ text: `Output contains "${test.answer}"`, passed }],
  };
  return (test.graders ?? [usual]).map(
    ({ assertions, name, reasoning, score, type, weight = 1 }: AgentvGrader) => ({
      name,
      type,
      score,
      weight,
      verdict: score >= 0.8 ? "pass" : "fail",
      assertions,
      ...(reasoning === undefined ? {} : { reasoning }),
      duration_ms: 0,
      started_at: at,
      ended_at: at,
    }),
  );
}

function assertionsOf(test: AgentvTest, at: Date): AgentvGrader["assertions"] {
  if (test.error !== undefined) return [{ text: `Error: ${test.error}`, passed: false }];
  return scoresOf(test, at.toISOString()).flatMap(({ assertions }) => assertions);
}

function messagesOf(test: AgentvTest, at: Date): Record<string, unknown>[] {
  const { durationMs, question, tools = [] } = test;
  const begun = at.getTime() - durationMs;
  let passed = 0;
  const called = tools.map(({ durationMs: took = 120, failed = false, input, name, output }, index) => {
    const start = begun + passed;
    passed += took;
    const tool_call = {
      tool: name,
      input,
      output,
      id: `c${index + 1}`,
      ...(failed ? { status: "error" } : {}),
      start_time: new Date(start).toISOString(),
      end_time: new Date(start + took).toISOString(),
      duration_ms: took,
    };
    return { role: "assistant", content: index === 0 ? "Let me look." : "", tool_calls: [tool_call] };
  });
  return [{ role: "user", content: question }, ...called, { role: "assistant", content: outputOf(test) }];
}

function eventsOf({ tools = [] }: AgentvTest): Record<string, unknown>[] {
  return tools.map(({ failed = false, name }, index) => ({
    event_id: `message-1-tool-${index}`,
    type: "tool_call",
    tool: { name, call_id: `c${index + 1}`, status: failed ? "error" : "ok" },
  }));
}

function outputOf({ answer, error }: AgentvTest): string {
  return error === undefined ? answer : `Error occurred: ${error}`;
}

function isPassed({ error, score }: AgentvTest): boolean {
  return error === undefined && score >= 0.8;
}

function pretty(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
