import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { playAgentvDemo } from "./demo/agentv-demo.ts";
import { playDemo } from "./demo/demo-run.ts";
import { ENDINGS } from "./demo/endings.ts";
import type { Story } from "./demo/story-shape.ts";

const USAGE = `Usage: pnpm demo [options]

Writes a run, live, as a real one would appear: for trying the viewer without its producer.

  --kind KIND      acpx, a flow run, or agentv, an evaluation (default acpx)
  --runs-dir DIR   the runs folder (default $ACPX_FLOW_RUNS_DIR or ~/.acpx/flows/runs, of an
                   evaluation .agentv/results/runs/default)
  --speed N        1 takes about 40 seconds, 10 a tenth of it (default 1)
  --ends HOW       of a flow run: completed, failed or waiting (default completed)
  --times N        runs, one after the other (default 1)
  --seed TEXT      the same text gives the same ids
  --help           this text
`;

const DEFAULT_DIRS = new Map([
  ["acpx", process.env["ACPX_FLOW_RUNS_DIR"] ?? join(homedir(), ".acpx", "flows", "runs")],
  ["agentv", join(".agentv", "results", "runs", "default")],
]);

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
  const speed = positive("--speed", values.speed);
  const times = positive("--times", values.times);
  if (!Number.isInteger(times)) throw new Error(`--times needs a whole number, not "${values.times}".`);
  const story = new Map<string, Story>(Object.entries(ENDINGS)).get(values.ends);
  if (story === undefined)
    throw new Error(`--ends needs one of ${Object.keys(ENDINGS).join(", ")}, not "${values.ends}".`);
  const defaultDir = DEFAULT_DIRS.get(values.kind);
  if (defaultDir === undefined)
    throw new Error(`--kind needs one of ${[...DEFAULT_DIRS.keys()].join(", ")}, not "${values.kind}".`);
  const runsDir = resolve(values["runs-dir"] ?? defaultDir);

  const stop = new AbortController();
  let exitCode = 0;
  const stopWith = (code: number) => () => {
    exitCode = code;
    stop.abort();
  };
  process.once("SIGINT", stopWith(130));
  process.once("SIGTERM", stopWith(143));

  for (let turn = 1; turn <= times && !stop.signal.aborted; turn += 1) {
    if (values.kind === "agentv") {
      const { dir, status } = await playAgentvDemo({ runsDir, speed, signal: stop.signal, onLine: print });
      print(`${status}: ${dir}`);
      continue;
    }
    const seed = values.seed === undefined ? {} : { seed: `${values.seed}/${turn}` };
    const { dir, status } = await playDemo({
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
