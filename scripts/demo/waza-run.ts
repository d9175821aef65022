import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface WazaGrader {
  readonly name: string;
  readonly passed: boolean;
  readonly score?: number;
  readonly feedback?: string;
  readonly type?: string;
  readonly weight?: number;
}

/** A task as a script for `WazaRun` tells it. */
export interface WazaTask {
  readonly name: string;
  readonly status: "passed" | "failed" | "error" | "skipped" | "n/a";
  readonly prompt?: string;
  readonly answer?: string;
  readonly error?: string;
  readonly durationMs?: number;
  readonly tokens?: readonly [input: number, output: number];
  readonly graders?: readonly WazaGrader[];
  readonly tools?: readonly { readonly name: string; readonly input: object; readonly output: string }[];
}

export interface WazaParts {
  readonly startedAt: Date;
  readonly specPath?: string;
  readonly model?: string;
  readonly engine?: string;
  readonly taskCount: number;
}

/** Writes an evaluation as waza does: a line of its log as each thing happens, and files of the rest. */
export class WazaRun {
  readonly dir: string;
  readonly file: string;
  readonly #parts: Required<WazaParts>;
  #number = 0;

  constructor(dir: string, parts: WazaParts) {
    const { engine = "mock", model = "mock-model", specPath = "/evals/arithmetic/eval.yaml" } = parts;
    this.dir = dir;
    this.#parts = { ...parts, engine, model, specPath };
    const stamp = parts.startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, "");
    this.file = `${stamp}-session.jsonl`;
  }

  /** A line as waza writes it: keys in order, a time to the nanosecond. */
  async line(type: string, data: Record<string, unknown>, at: Date): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    const timestamp = at.toISOString().replace("Z", "000001Z");
    const sorted = Object.fromEntries(
      Object.entries(data).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    );
    await appendFile(join(this.dir, this.file), `${JSON.stringify({ timestamp, type, data: sorted })}\n`);
  }

  async start(at: Date = this.#parts.startedAt): Promise<void> {
    const { engine, model, specPath, taskCount } = this.#parts;
    this.#number = 0;
    await this.line("session_start", { spec_path: specPath, model, engine, task_count: taskCount }, at);
  }

  async begin(task: string, at: Date): Promise<void> {
    this.#number += 1;
    const { taskCount } = this.#parts;
    await this.line("task_start", { task_name: task, task_num: this.#number, total_tasks: taskCount }, at);
  }

  async grade({ feedback = "", name, passed, score = passed ? 1 : 0 }: WazaGrader, at: Date): Promise<void> {
    await this.line("grader_result", { grader_name: name, grader_type: "", passed, score, feedback }, at);
  }

  async trial(task: string, number: number, at: Date): Promise<void> {
    await this.line("run_complete", { task_name: task, run_number: number, session_digest: {} }, at);
  }

  async end(task: WazaTask, at: Date): Promise<void> {
    await this.line(
      "task_complete",
      {
        task_name: task.name,
        status: task.status,
        score: scoreOf(task),
        duration_ms: task.durationMs ?? 0,
      },
      at,
    );
  }

  /** A whole task: its start, its graders, its end. */
  async run(task: WazaTask, at: Date, until: Date): Promise<void> {
    await this.begin(task.name, at);
    for (const grader of task.graders ?? []) await this.grade(grader, until);
    await this.end(task, until);
  }

  async finish(tasks: readonly WazaTask[], at: Date): Promise<void> {
    const count = (status: string) => tasks.filter((task) => task.status === status).length;
    await this.line(
      "session_complete",
      {
        total_tests: tasks.length,
        passed: count("passed"),
        failed: count("failed"),
        errors: count("error"),
        duration_ms: this.#took(at),
      },
      at,
    );
  }

  /** What `--transcript-dir` adds as a task ends. The date in its name is of the machine's own clock. */
  async transcript(task: WazaTask, startedAt: Date, dir = this.dir): Promise<string> {
    await mkdir(dir, { recursive: true });
    const stamp = startedAt
      .toISOString()
      .replaceAll(/[-:]|\.\d+Z/g, "")
      .replace("T", "-");
    const name = `${task.name
      .toLowerCase()
      .replaceAll(" ", "-")
      .replaceAll(/[^a-z0-9_-]/g, "")}-${stamp}.json`;
    const content = {
      task_id: task.name,
      task_name: task.name,
      status: task.status,
      started_at: startedAt.toISOString(),
      completed_at: new Date(startedAt.getTime() + (task.durationMs ?? 0)).toISOString(),
      duration_ms: task.durationMs ?? 0,
      prompt: task.prompt ?? "",
      final_output: task.answer ?? "",
      transcript: transcriptOf(task),
      validations: validationsOf(task),
      session: digestOf(task),
      ...(task.error === undefined ? {} : { error_msg: task.error }),
    };
    await writeFile(join(dir, name), `${JSON.stringify(content, null, 2)}\n`);
    return name;
  }

  /** The results of `-o`, written when all is over. */
  results(tasks: readonly WazaTask[], at: Date, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { engine, model, startedAt } = this.#parts;
    const count = (status: string) => tasks.filter((task) => task.status === status).length;
    return {
      schemaVersion: "1.4",
      eval_id: `run-${Math.floor(at.getTime() / 1_000)}`,
      skill: "arithmetic",
      eval_name: "arithmetic-eval",
      timestamp: new Date(startedAt.getTime() - 2).toISOString(),
      config: { runs_per_test: 1, model_id: model, engine_type: engine, timeout_sec: 300 },
      summary: {
        total_tests: tasks.length,
        succeeded: count("passed"),
        failed: count("failed"),
        errors: count("error"),
        skipped: count("skipped") + count("n/a"),
        duration_ms: this.#took(at),
      },
      metrics: {},
      tasks: tasks.map(taskOf),
      ...more,
    };
  }

  async writeResults(name: string, results: Record<string, unknown>): Promise<void> {
    await writeFile(join(this.dir, name), `${JSON.stringify(results, null, 2)}\n`);
  }

  #took(at: Date): number {
    return at.getTime() - this.#parts.startedAt.getTime();
  }
}

export function taskOf(task: WazaTask): Record<string, unknown> {
  return {
    test_id: task.name,
    display_name: task.name,
    group: "sums",
    status: task.status,
    runs: [
      {
        run_number: 1,
        attempts: 1,
        status: task.status,
        duration_ms: task.durationMs ?? 0,
        validations: validationsOf(task),
        session_digest: digestOf(task),
        transcript: transcriptOf(task),
        final_output: task.answer ?? "",
        ...(task.error === undefined ? {} : { error_msg: task.error }),
        ...(task.prompt === undefined ? {} : { prompt: task.prompt }),
      },
    ],
  };
}

function scoreOf({ graders = [], status }: WazaTask): number {
  if (graders.length === 0) return status === "passed" ? 1 : 0;
  return graders.reduce((sum, { passed, score = passed ? 1 : 0 }) => sum + score, 0) / graders.length;
}

function validationsOf({ graders = [] }: WazaTask): Record<string, unknown> {
  return Object.fromEntries(
    graders.map(({ feedback = "", name, passed, score = passed ? 1 : 0, type = "text", weight = 1 }) => [
      name,
      { identifier: name, type, score, weight, passed, feedback, duration_ms: 3 },
    ]),
  );
}

function digestOf({ tokens, tools = [] }: WazaTask): Record<string, unknown> {
  const usage =
    tokens === undefined ? {} : { usage: { turns: 1, input_tokens: tokens[0], output_tokens: tokens[1] } };
  return { tool_call_count: tools.length, tools_used: tools.map(({ name }) => name), errors: [], ...usage };
}

function transcriptOf({ answer, prompt, tools = [] }: WazaTask): Record<string, unknown>[] {
  const calls = tools.flatMap(({ input, name, output }, index) => [
    { type: "tool.execution_start", tool_call_id: `c${index}`, tool_name: name, arguments: input },
    {
      type: "tool.execution_complete",
      tool_call_id: `c${index}`,
      tool_result: { content: output },
      success: true,
    },
  ]);
  return [
    ...(prompt === undefined ? [] : [{ type: "user.message", content: prompt }]),
    ...calls,
    ...(answer === undefined ? [] : [{ type: "assistant.message", content: answer }]),
    { type: "session.idle" },
  ];
}
