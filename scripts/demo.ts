import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { playDemo } from "./demo/demo-run.ts";
import { ENDINGS } from "./demo/endings.ts";
import type { Story } from "./demo/story-shape.ts";
import { playWaza } from "./demo/waza-demo.ts";

const KINDS = { acpx: playDemo, waza: playWaza };

const USAGE = `Usage: pnpm demo [options]

Writes a run, live, as a real one would appear: for trying the viewer without acpx.

  --runs-dir DIR   the runs folder (default $ACPX_FLOW_RUNS_DIR or ~/.acpx/flows/runs)
  --kind KIND      acpx or waza (default acpx; waza needs --runs-dir)
  --speed N        1 takes about 40 seconds, 10 a tenth of it (default 1)
  --ends HOW       completed, failed or waiting (default completed)
  --times N        runs, one after the other (default 1)
  --seed TEXT      the same text gives the same ids
  --help           this text
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      "runs-dir": { type: "string" },
      kind: { type: "string", default: "acpx" },
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
  const play = new Map(Object.entries(KINDS)).get(values.kind);
  if (play === undefined)
    throw new Error(`--kind needs one of ${Object.keys(KINDS).join(", ")}, not "${values.kind}".`);
  if (values.kind !== "acpx" && values["runs-dir"] === undefined)
    throw new Error(`--kind ${values.kind} needs --runs-dir.`);
  const speed = positive("--speed", values.speed);
  const times = positive("--times", values.times);
  if (!Number.isInteger(times)) throw new Error(`--times needs a whole number, not "${values.times}".`);
  const story = new Map<string, Story>(Object.entries(ENDINGS)).get(values.ends);
  if (story === undefined)
    throw new Error(`--ends needs one of ${Object.keys(ENDINGS).join(", ")}, not "${values.ends}".`);
  const defaultDir = process.env["ACPX_FLOW_RUNS_DIR"] ?? join(homedir(), ".acpx", "flows", "runs");
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
    const seed = values.seed === undefined ? {} : { seed: `${values.seed}/${turn}` };
    const { dir, status } = await play({
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
