import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { Answer, Question } from "./bench/answer.ts";
import { endChildren } from "./bench/children.ts";
import { describeMachine } from "./bench/machine.ts";
import { type Plan, QUICK, WHOLE } from "./bench/plan.ts";
import { appearing } from "./bench/questions/appearing.ts";
import { bytes } from "./bench/questions/bytes.ts";
import { clients } from "./bench/questions/clients.ts";
import { compression } from "./bench/questions/compression.ts";
import { evaluations } from "./bench/questions/evaluations.ts";
import { latency } from "./bench/questions/latency.ts";
import { list } from "./bench/questions/list.ts";
import { opening } from "./bench/questions/opening.ts";
import { results } from "./bench/questions/results.ts";
import { restless } from "./bench/questions/restless.ts";
import { page } from "./bench/questions/page.ts";
import { resuming } from "./bench/questions/resuming.ts";
import { seeking } from "./bench/questions/seeking.ts";
import { sessions } from "./bench/questions/sessions.ts";
import { streams } from "./bench/questions/streams.ts";
import { unread } from "./bench/questions/unread.ts";
import { work } from "./bench/questions/work.ts";
import { buildRunreel } from "./bench/servers.ts";

const QUESTIONS = new Map<string, Question>(
  Object.entries({
    latency,
    bytes,
    work,
    clients,
    compression,
    opening,
    resuming,
    seeking,
    list,
    unread,
    restless,
    page,
    appearing,
    evaluations,
    streams,
    results,
    sessions,
  }),
);

const USAGE = `Usage: pnpm bench [options]

Measures the built Runreel, beside a naive reader and the physical floor where there are such.
Exits 1 when a promise is not kept, naming it.

  --only NAMES   some questions, by commas: ${[...QUESTIONS.keys()].join(", ")}
  --quick        a look in passing, in less than a minute
  --json FILE    write the figures there too
  --help         this text
`;

/** No question may take longer than this. */
const QUESTION_MS = 150_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const plan = values.quick ? QUICK : WHOLE;
  const asked = chosen(values.only);
  const from = performance.now();
  await buildRunreel();
  const machine = describeMachine();
  process.stdout.write(`${machine}\n`);

  const answers = new Map<string, Answer>();
  const broken: string[] = [];
  for (const [name, question] of asked) {
    const askedAt = performance.now();
    try {
      const answer = await inTime(question, plan);
      answers.set(name, answer);
      process.stdout.write(`\n### ${answer.title}\n\n${answer.tables.join("\n\n")}\n\n${answer.how}\n`);
      const took = (performance.now() - askedAt) / 1_000;
      process.stderr.write(`bench: ${name} took ${took.toFixed(0)} s\n`);
      for (const { kept, sentence } of answer.promises) if (!kept) broken.push(sentence);
    } catch (error) {
      endChildren();
      broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const seconds = (performance.now() - from) / 1_000;
  const promises = [...answers.values()].flatMap((answer) => answer.promises);
  const kept = promises.filter((promise) => promise.kept).length;
  process.stdout.write(`\n${kept} of ${promises.length} promises kept; it took ${seconds.toFixed(0)} s.\n`);
  if (values.json !== undefined) {
    const all = { machine, seconds, answers: Object.fromEntries(answers), broken };
    writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
  }
  for (const sentence of broken) process.stderr.write(`bench: ${sentence}\n`);
  process.exit(broken.length > 0 ? 1 : 0);
}

function chosen(only: string | undefined): [string, Question][] {
  if (only === undefined) return [...QUESTIONS];
  return only.split(",").map((name) => {
    const question = QUESTIONS.get(name);
    if (question === undefined) {
      throw new Error(`There is no question "${name}"; there are ${[...QUESTIONS.keys()].join(", ")}.`);
    }
    return [name, question];
  });
}

async function inTime(question: Question, plan: Plan): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const sentence = `there was no answer within ${QUESTION_MS / 1_000} s`;
    timer = setTimeout(() => reject(new Error(sentence)), QUESTION_MS);
  });
  try {
    return await Promise.race([question(plan), late]);
  } finally {
    clearTimeout(timer);
  }
}

// Ctrl+C ends like everything else, by an exit that takes the servers along.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
