import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { playAgentvDemo } from "./demo/agentv-demo.ts";
import { playDemo } from "./demo/demo-run.ts";
import { ENDINGS } from "./demo/endings.ts";
import type { Story } from "./demo/story-shape.ts";
import { playClaudeCode, playCodex } from "./demo/session-demos.ts";
import { playWaza } from "./demo/waza-demo.ts";

const FLOWS_DIR = process.env["ACPX_FLOW_RUNS_DIR"] || join(homedir(), ".acpx", "flows", "runs");

/**
 * What writes each kind of run, and where it goes if nobody says. A session that nobody had is not put among
 * those that somebody had: what it cost would be counted there for ever.
 */
const KINDS = new Map([
  ["acpx", { play: playDemo, runsDir: FLOWS_DIR }],
  ["agentv", { play: playAgentvDemo, runsDir: join(".agentv", "results", "runs", "default") }],
  ["waza", { play: playWaza, runsDir: "results" }],
  ["claude-code", { play: playClaudeCode, runsDir: FLOWS_DIR }],
  ["codex", { play: playCodex, runsDir: FLOWS_DIR }],
]);

const USAGE = `Usage: pnpm demo [options]

Writes a run, live, as a real one would appear: for trying the viewer without its producer.

  --kind KIND      acpx, a flow run; agentv or waza, an evaluation; claude-code or codex, a
                   coding session (default acpx)
  --runs-dir DIR   the runs folder (default $ACPX_FLOW_RUNS_DIR or ~/.acpx/flows/runs; of an
                   evaluation .agentv/results/runs/default, or results)
  --speed N        1 takes about 40 seconds, 10 a tenth of it (default 1)
  --ends HOW       of a flow run: completed, failed or waiting (default completed)
  --times N        runs, one after the other; each evaluation comes out differently (default 1)
  --seed TEXT      the same text gives the same ids
  --help           this text
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kind: { type: "string", default: "acpx" },
      "runs-dir": { type: "string" },
      speed: { type: "string", default: "1" },
      ends: { type: "string", default: "completed" },
      times: { type: "string", default: "1" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const kind = KINDS.get(values.kind);
  if (kind === undefined)
    throw new Error(`--kind needs one of ${[...KINDS.keys()].join(", ")}, not "${values.kind}".`);
  const speed = positive("--speed", values.speed);
  const times = positive("--times", values.times);
  if (!Number.isInteger(times)) throw new Error(`--times needs a whole number, not "${values.times}".`);
  const story = new Map<string, Story>(Object.entries(ENDINGS)).get(values.ends);
  if (story === undefined)
    throw new Error(`--ends needs one of ${Object.keys(ENDINGS).join(", ")}, not "${values.ends}".`);
  const runsDir = resolve(values["runs-dir"] ?? kind.runsDir);

  const stop = new AbortController();
  let exitCode = 0;
  const stopWith = (code: number) => () => {
    exitCode = code;
    stop.abort();
  };
  process.once("SIGINT", stopWith(130));
  process.once("SIGTERM", stopWith(143));

  for (let turn = 1; turn <= times && !stop.signal.aborted; turn += 1) {
    const seed = values.seed === undefined ? {} : { seed: `${values.seed}/${turn}` };
    const { dir, status } = await kind.play({
      runsDir,
      speed,
      story,
      ...seed,
      signal: stop.signal,
      onLine: print,
    });
    print(`${status}: ${dir}`);
  }
  return exitCode;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`${option} needs a number above 0, not "${text}".`);
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
