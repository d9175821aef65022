import { basename, dirname } from "node:path";
import * as v from "valibot";
import { type AgentvLayout, AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { liveRow } from "../../scripts/demo/agentv-shapes.ts";
import { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { traceRow } from "../../src/protocol/outline.ts";
import { noted, saidIn } from "../../src/protocol/said.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { sourceContract } from "./source-contract.ts";
import { firstSessionRow } from "../helpers/first-session-row.ts";

const START = Date.parse("2026-01-02T03:04:05.000Z");

const INDEX = { A: "index.jsonl", B: ".internal/index.jsonl" };

/** A run that was killed and went on: rows of both forms, files beside those of the newer. */
function written(layout: AgentvLayout) {
  return async (dir: string) => {
    const options = { layout, name: basename(dir) };
    const run = new AgentvRun(dirname(dir), new Date(START), "evals/words.eval.yaml", 5, options);
    await run.start();
    for (const number of [1, 2, 3]) await run.result(testOf(number), at(number));
    run.resume();
    for (const number of [4, 5]) await run.result(testOf(number), at(number));
    await run.finish(at(6));
  };
}

const common = {
  source: agentvSource,
  isTranslated: true,
  line: (number: number) => `${JSON.stringify(liveRow(testOf(number), at(number)))}\n`,
};

sourceContract({
  ...common,
  name: "agentv 4, its trace",
  write: written("A"),
  isLog: (file) => file === INDEX.A,
  someLog: INDEX.A,
  logName: "trace",
  logPath: ["trace"],
  stampOf: (item) => Date.parse(v.parse(TraceEvent, item).at),
  rowOf: (item, line, time) => traceRow(v.parse(TraceEvent, item), line, time),
  saidIn: (item) => noted(v.parse(TraceEvent, item)),
});

sourceContract({
  ...common,
  name: "agentv 5, what was said",
  write: written("B"),
  isLog: (file) => file === INDEX.B,
  someLog: INDEX.B,
  logName: "sessions/tests",
  logPath: ["sessions", "tests", "events"],
  stampOf: (item) => Date.parse(v.parse(SessionEvent, item).at),
  rowOf: (item, line, time) => firstSessionRow(v.parse(SessionEvent, item), line, time),
  saidIn: (item) => saidIn(v.parse(SessionEvent, item)),
});

function at(number: number): Date {
  return new Date(START + number * 40);
}

/** Of all kinds, in turn; some tests come again. */
function testOf(number: number): AgentvTest {
  const tool = { name: "ReadFile", input: { path: `word ${number}.txt` }, output: "at work" };
  return {
    id: `test-${number % 700}`,
    question: `What is word ${number}? "at":"x" }}}}word 7`,
    answer: `reply ${number}`,
    score: (number % 5) / 4,
    durationMs: number % 90,
    ...(number % 7 === 0 ? { error: "x".repeat(1_000) } : {}),
    ...(number % 3 === 0 ? { tools: [tool] } : {}),
  };
}
