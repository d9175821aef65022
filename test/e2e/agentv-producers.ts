import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestContext } from "node:test";
import * as v from "valibot";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { DATA } from "../data/recorded.ts";

/**
 * Who writes the evaluations of a test: AgentV itself where it is installed
 * (RUNREEL_AGENTV names its command, or it is on the PATH), else the writes of a
 * recorded run at the pace they had, else the demo's writer. All of them run ten
 * tests, two at a time, of which one fails and one cannot be run.
 */
export interface Producer {
  readonly name: string;
  /** Starts an evaluation in the project. */
  launch(project: string): Promise<Evaluation>;
}

interface Evaluation {
  /** When the producer's process started, or would have; ms since the epoch. */
  readonly startedAt: number;
  /** It has written its last. */
  readonly ended: Promise<void>;
}

/** AgentV takes this long from its start to its first file; recordings and the demo leave it out. */
const AGENTV_STARTUP_MS = 400;

export function agentvProducer(t: TestContext): Producer {
  const command = process.env["RUNREEL_AGENTV"] ?? onPath("agentv");
  if (command !== undefined) return real(t, command);
  const recorded = join(DATA, "agentv", "run1", "snapshots");
  return existsSync(recorded) ? replayed(t, recorded) : made(t);
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const AGENT = `
import { writeFileSync } from "node:fs";
const [id, out] = process.argv.slice(2);
const number = Number(/\\d+/.exec(id)[0]);
await new Promise((resolve) => setTimeout(resolve, 300 + 100 * (number % 3)));
if (number === 7) {
  console.error("the agent broke");
  process.exit(3);
}
writeFileSync(out, number === 4 ? "I do not know" : \`answer is \${number}\`);
`;

function real(t: TestContext, command: string): Producer {
  return {
    name: "AgentV itself",
    async launch(project) {
      await mkdir(join(project, ".agentv"), { recursive: true });
      await mkdir(join(project, "evals"), { recursive: true });
      const agent = join(project, "agent.mjs");
      await writeFile(agent, AGENT);
      const target = [
        "targets:",
        "  - name: mock_agent",
        "    provider: cli",
        `    command: ${process.execPath} ${agent} {EVAL_ID} {OUTPUT_FILE}`,
      ];
      await writeFile(join(project, ".agentv", "targets.yaml"), `${target.join("\n")}\n`);
      const tests = Array.from({ length: 10 }, (_, index) => [
        `  - id: t${String(index + 1).padStart(2, "0")}-case`,
        `    criteria: says the number ${index + 1}`,
        `    input: What is the number ${index + 1}?`,
        "    assertions:",
        `      - {name: has-number, type: contains, value: answer is ${index + 1}}`,
      ]).flat();
      const evaluation = ["name: arithmetic", "execution:", "  target: mock_agent", "tests:", ...tests];
      await writeFile(join(project, "evals", "arith.eval.yaml"), `${evaluation.join("\n")}\n`);
      const startedAt = Date.now();
      const child = spawn(command, ["eval", "run", "evals/arith.eval.yaml", "--workers", "2"], {
        cwd: project,
        env: { ...process.env, HOME: project },
        stdio: "ignore",
      });
      t.after(() => child.kill("SIGKILL"));
      return { startedAt, ended: endOf(child) };
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
}

const Write = v.object({ t: v.number(), kind: v.picklist(["dir", "file"]), path: v.string() });

function replayed(t: TestContext, folder: string): Producer {
  return {
    name: "a recorded run",
    async launch(project) {
      const lines = (await readFile(join(folder, "sequence.jsonl"), "utf8")).trim().split("\n");
      const writes = lines.map((line) => v.parse(Write, JSON.parse(line)));
      const first = writes.find(({ path }) => path.startsWith("results/"))?.t ?? 0;
      const startedAt = Date.now() - AGENTV_STARTUP_MS;
      const stop = new AbortController();
      t.after(() => stop.abort());
      const play = async () => {
        const begun = performance.now();
        for (const write of writes) {
          if (write.t < first) continue;
          const wait = write.t - first - (performance.now() - begun);
          if (wait > 1) await sleep(wait, undefined, { signal: stop.signal });
          const to = join(project, ".agentv", write.path);
          if (write.kind === "dir") await mkdir(to, { recursive: true });
          else {
            await mkdir(dirname(to), { recursive: true });
            await copyFile(join(folder, "snap", String(write.t).padStart(6, "0"), write.path), to);
          }
        }
      };
      return { startedAt, ended: quiet(play()) };
    },
  };
}

function made(t: TestContext): Producer {
  return {
    name: "the demo's writer",
    async launch(project) {
      const startedAt = Date.now() - AGENTV_STARTUP_MS;
      const stop = new AbortController();
      t.after(() => stop.abort());
      const root = join(project, ".agentv", "results", "runs", "default");
      const run = new AgentvRun(root, new Date(), join(project, "evals", "arith.eval.yaml"), 10);
      const play = async () => {
        await run.start();
        for (let number = 1; number <= 10; number += 1) {
          await sleep(300, undefined, { signal: stop.signal });
          const broke = number === 7 ? { error: "the agent broke" } : {};
          const answer = number === 4 ? "I do not know" : `answer is ${number}`;
          const test = {
            id: `t${String(number).padStart(2, "0")}-case`,
            question: `What is the number ${number}?`,
            answer,
            score: number === 4 || number === 7 ? 0 : 1,
            durationMs: 500,
            ...broke,
          };
          await run.result(test, new Date());
        }
        await run.finish(new Date());
      };
      return { startedAt, ended: quiet(play()) };
    },
  };
}

/** The test may end before the writing does. */
async function quiet(playing: Promise<void>): Promise<void> {
  try {
    await playing;
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  }
}
