import * as v from "valibot";
import { TraceEvent } from "../../src/protocol/bundle.ts";
import { traceRow } from "../../src/protocol/outline.ts";
import { noted } from "../../src/protocol/said.ts";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { WazaRun, type WazaTask } from "../../scripts/demo/waza-run.ts";
import { sourceContract } from "./source-contract.ts";

const startedAt = new Date("2026-01-02T03:04:05.000Z");
const after = (ms: number) => new Date(startedAt.getTime() + ms);
const LOG = "20260102T030405Z-session.jsonl";

const TASKS: readonly WazaTask[] = [
  {
    name: "adds",
    status: "passed",
    prompt: "What is 2 + 2?",
    answer: "Vier, grüßt die Ferne 🚀",
    durationMs: 900,
    tokens: [30, 4],
    graders: [{ name: "has-four", passed: true, feedback: "All text checks passed" }],
    tools: [{ name: "bash", input: { command: "expr 2 + 2" }, output: "4" }],
  },
  {
    name: "divides",
    status: "failed",
    prompt: "What is 1 / 0?",
    answer: "0",
    durationMs: 800,
    graders: [{ name: "refuses", passed: false, feedback: "It did not refuse" }],
  },
];

/** A run with its results beside it: they are told once the log is complete, whichever came first. */
async function write(dir: string): Promise<void> {
  const run = new WazaRun(dir, { startedAt, taskCount: TASKS.length });
  await run.start();
  for (const [index, task] of TASKS.entries())
    await run.run(task, after(1_000 * index + 10), after(1_000 * index + 910));
  await run.finish(TASKS, after(2_000));
  await run.writeResults("results.json", run.results(TASKS, after(2_000)));
}

sourceContract({
  name: "waza",
  source: wazaSource,
  write,
  file: LOG,
  isLog: (file) => file.endsWith(".jsonl"),
  someLog: LOG,
  logName: "trace",
  logPath: ["trace"],
  line,
  isTranslated: true,
  stampOf: (item) => Date.parse(v.parse(TraceEvent, item).at),
  rowOf: (item, at, index) => traceRow(v.parse(TraceEvent, item), at, index),
  saidIn: (item) => noted(v.parse(TraceEvent, item)),
});

/** A log of any length. Times mostly rise; now and then a clock was set back. */
function line(number: number): string {
  const time = startedAt.getTime() + number * 40 - (number % 97 === 0 ? 60_000 : 0);
  const timestamp = new Date(time).toISOString().replace("Z", "123456Z");
  const task_name = `task ${Math.floor((number - 1) / 4)}`;
  const told = (type: string, data: object) => `${JSON.stringify({ timestamp, type, data })}\n`;
  if (number === 0)
    return told("session_start", { spec_path: "eval.yaml", model: "m", engine: "mock", task_count: 5_000 });
  switch (number % 4) {
    case 1:
      return told("task_start", { task_name, task_num: number, total_tasks: 5_000 });
    case 2:
      return told("grader_result", {
        grader_name: "check",
        grader_type: "",
        passed: number % 3 === 0,
        score: 1,
        feedback: `word ${number} read }}}}`,
      });
    case 3:
      return told("task_complete", {
        task_name,
        status: number % 3 === 0 ? "passed" : "failed",
        score: 1,
        duration_ms: 40,
      });
    default:
      return told("error", { message: "nothing" });
  }
}
