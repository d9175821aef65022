import { join } from "node:path";
import { realClock } from "./clock.ts";
import type { DemoOptions } from "./demo-run.ts";
import { WazaRun, type WazaTask } from "./waza-run.ts";

/** What each task takes, and what lies between two of its lines, at speed 1. */
const TASK_MS = 2_600;
const GRADING_MS = 400;

const TASKS: readonly WazaTask[] = [
  told("deploy web app", "passed", "Deploy the web app in ./site.", "The site is up, behind TLS."),
  told("deploy function", "passed", "Deploy the function in ./fn.", "The function answers on its URL."),
  told("reads the plan first", "failed", "Scale the app to three instances.", "I scaled it to two."),
  told(
    "explains a failure",
    "passed",
    "Why did the last deployment fail?",
    "The quota of the region is used up.",
  ),
  told(
    "asks before deleting",
    "passed",
    "Clean up the resource group.",
    "Shall I delete it, and all that is in it?",
  ),
  told("finds the right region", "passed", "Where should this run?", "West Europe is nearest to its users."),
];

function told(name: string, status: "passed" | "failed", prompt: string, answer: string): WazaTask {
  const passed = status === "passed";
  return {
    name,
    status,
    prompt,
    answer,
    durationMs: TASK_MS,
    tokens: [1_200 + 40 * prompt.length, 20 * answer.length],
    graders: [
      {
        name: "does-what-was-asked",
        type: "prompt",
        weight: 2,
        passed,
        feedback: passed ? "Yes." : "Not as asked.",
      },
      { name: "uses-known-tools", type: "behavior", weight: 1, passed: true, feedback: "2 calls" },
    ],
    tools: [
      { name: "read_file", input: { path: "azure.yaml" }, output: "name: shop\nservices:\n  web: ./site" },
      { name: "bash", input: { command: "az deployment group list" }, output: "[]" },
    ],
  };
}

/** Writes a session of waza as it would appear, with the transcripts of its tests and results at its end. */
export async function playWaza(
  options: DemoOptions,
): Promise<{ readonly dir: string; readonly status: string }> {
  const { clock = realClock, onLine, runsDir, signal, speed = 1 } = options;
  const startedAt = clock.now();
  const run = new WazaRun(runsDir, {
    startedAt,
    specPath: "/skills/azure-deploy/evals/eval.yaml",
    model: "gpt-5",
    engine: "copilot-sdk",
    taskCount: TASKS.length,
  });
  const dir = join(runsDir, run.file);
  await run.start();
  onLine?.(dir);
  for (const task of TASKS) {
    const begunAt = clock.now();
    await run.begin(task.name, begunAt);
    await clock.sleep(TASK_MS / speed, signal);
    if (signal?.aborted === true) return { dir, status: "interrupted" };
    for (const grader of task.graders ?? []) {
      await run.grade(grader, clock.now());
      await clock.sleep(GRADING_MS / speed, signal);
    }
    await run.transcript(task, begunAt, join(runsDir, "transcripts"));
    await run.end(task, clock.now());
    onLine?.(`${task.name}: ${task.status}`);
  }
  const endedAt = clock.now();
  await run.finish(TASKS, endedAt);
  const results = run.results(TASKS, endedAt, { eval_name: "azure-deploy", skill: "azure-deploy" });
  await run.writeResults(run.file.replace("session.jsonl", "results.json"), results);
  return { dir, status: "completed" };
}
