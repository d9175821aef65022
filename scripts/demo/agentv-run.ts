import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
  readonly tools?: readonly { readonly name: string; readonly input: object; readonly output: string }[];
}

/**
 * Writes an evaluation as AgentV 4 does: a stub at the start, a row as each test
 * ends, and all of it anew, in another form and order, at the end.
 */
export class AgentvRun {
  readonly dir: string;
  readonly runId: string;
  readonly #evalFile: string;
  readonly #planned: number;
  readonly #rows: { readonly row: Record<string, unknown>; readonly test: AgentvTest }[] = [];

  /** `root` is a folder of runs: `.agentv/results/runs/<experiment>`. */
  constructor(root: string, startedAt: Date, evalFile: string, planned: number) {
    this.runId = startedAt.toISOString().replaceAll(/[:.]/g, "-");
    this.dir = join(root, this.runId);
    this.#evalFile = evalFile;
    this.#planned = planned;
  }

  async start(): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    await writeFile(join(this.dir, "index.jsonl"), "");
    await this.#writeSummary(new Date(0), []);
  }

  /** `at` is when the test ended. */
  async result(test: AgentvTest, at: Date): Promise<void> {
    const row = liveRow(test, at);
    this.#rows.push({ row, test });
    await appendFile(join(this.dir, "index.jsonl"), `${JSON.stringify(row)}\n`);
  }

  /** `order` says in which order the tests were defined; without it they stay as they ended. */
  async finish(at: Date, order?: readonly string[]): Promise<void> {
    const place = ({ test }: { readonly test: AgentvTest }) => order?.indexOf(test.id) ?? 0;
    const rows = this.#rows.toSorted((left, right) => place(left) - place(right));
    for (const { row, test } of rows) await this.#writeSideFiles(row, test);
    await writeFile(join(this.dir, "timing.json"), JSON.stringify({ total_duration_ms: 1 }));
    await this.#writeSummary(
      at,
      rows.map(({ test }) => test.id),
    );
    const final = rows.map(({ row, test }) => JSON.stringify(finalRow(row, test)));
    await writeFile(join(this.dir, "index.jsonl"), final.map((line) => `${line}\n`).join(""));
  }

  async #writeSummary(at: Date, testsRun: readonly string[]): Promise<void> {
    const targets = [...new Set(this.#rows.map(({ test }) => test.target ?? "mock"))];
    const metadata = {
      eval_file: this.#evalFile,
      timestamp: at.toISOString(),
      targets: testsRun.length === 0 ? [] : targets,
      tests_run: testsRun,
      experiment: "default",
      planned_test_count: this.#planned,
    };
    await writeFile(
      join(this.dir, "benchmark.json"),
      JSON.stringify({ metadata, run_summary: {}, notes: [] }, null, 2),
    );
  }

  async #writeSideFiles(row: Record<string, unknown>, test: AgentvTest): Promise<void> {
    const outputs = join(this.dir, suiteOf(test), test.id, "outputs");
    await mkdir(outputs, { recursive: true });
    const folder = join(outputs, "..");
    await writeFile(join(folder, "grading.json"), JSON.stringify({ assertions: row["assertions"] }));
    await writeFile(join(folder, "input.md"), `@[user]:\n${test.question}\n`);
    await writeFile(join(outputs, "answer.md"), test.answer);
  }
}

function suiteOf(test: AgentvTest): string {
  return test.suite ?? "arithmetic";
}

function common(test: AgentvTest, at: Date): Record<string, unknown> {
  const [input, output] = test.tokens ?? [];
  return {
    timestamp: at.toISOString(),
    test_id: test.id,
    suite: suiteOf(test),
    category: "Uncategorized",
    score: test.score,
    target: test.target ?? "mock",
    ...(test.error === undefined ? { duration_ms: test.durationMs } : {}),
    ...(input === undefined ? {} : { token_usage: { input, output } }),
    ...(test.costUsd === undefined ? {} : { cost_usd: test.costUsd }),
    execution_status:
      test.error !== undefined ? "execution_error" : test.score >= 0.8 ? "ok" : "quality_failure",
    ...(test.error === undefined
      ? {}
      : { error: test.error, failure_stage: "agent", failure_reason_code: "provider_error" }),
  };
}

function liveRow(test: AgentvTest, at: Date): Record<string, unknown> {
  const assertions = [{ text: `Output contains "${test.answer}"`, passed: test.score >= 0.8 }];
  const verdict = test.error !== undefined ? "skip" : test.score >= 0.8 ? "pass" : "fail";
  const tool_calls = (test.tools ?? []).map(({ input, name, output }, index) => ({
    tool: name,
    id: `c${index + 1}`,
    input,
    output,
  }));
  const called = tool_calls.length === 0 ? [] : [{ role: "assistant", content: "Let me look.", tool_calls }];
  const messages = [
    { role: "user", content: test.question },
    ...called,
    ...(test.error === undefined ? [{ role: "assistant", content: test.answer }] : []),
  ];
  return {
    ...common(test, at),
    assertions,
    input: messages.slice(0, 1),
    output: test.answer,
    scores: [
      {
        name: "has-answer",
        type: "contains",
        score: test.score,
        weight: 1,
        verdict,
        assertions,
        duration_ms: 0,
      },
    ],
    trace: { messages, events: [], tool_calls: {} },
  };
}

function finalRow(row: Record<string, unknown>, test: AgentvTest): Record<string, unknown> {
  const { assertions: _, input: __, output: ___, trace: ____, ...rest } = row;
  const folder = `${suiteOf(test)}/${test.id}`;
  return {
    ...rest,
    experiment: "default",
    artifact_dir: folder,
    grading_path: `${folder}/grading.json`,
    input_path: `${folder}/input.md`,
    output_path: `${folder}/outputs/answer.md`,
    answer_path: `${folder}/outputs/answer.md`,
  };
}
