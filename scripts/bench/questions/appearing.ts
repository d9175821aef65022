import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { AgentvRun } from "../../demo/agentv-run.ts";
import { LiveClient } from "../../live-client.ts";
import type { Answer } from "../answer.ts";
import type { Plan } from "../plan.ts";
import { atMost } from "../promises.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, table } from "../table.ts";
import { inFolder } from "../temporary.ts";

const RUNS_FOLDER = [".agentv", "results", "runs", "nightly"] as const;
const WITHIN_MS = 10_000;
const PAUSE_MS = 60;
const JITTER_MS = 40;
const PLANNED = 10;
/** What an evaluation has left of the second in which it is to be seen, once it has started. */
const LIMIT_MS = 400;

interface Appearing {
  readonly what: string;
  readonly each: readonly number[];
}

/** Somebody starts an evaluation in a terminal: when is it in the list? */
export async function appearing(plan: Plan): Promise<Answer> {
  const all = await inFolder((folder) => measure(folder, plan.projects));
  return {
    title: "An evaluation appears",
    how:
      `From before the first of an AgentV run's folders is made until a client of the list has its line; ${plan.projects} projects, ` +
      "watched by one server, in which there was no folder .agentv, and then another run of the same experiment in each.",
    tables: [
      table(
        ["the run", "p50 ms", "p95 ms", "most ms"],
        all.map(({ each, what }) => [
          what,
          figure(percentile(each, 0.5), 1),
          figure(percentile(each, 0.95), 1),
          figure(Math.max(...each), 1),
        ]),
      ),
    ],
    promises: all.map(({ each, what }) =>
      atMost(`The p95 until ${what} is in the list`, percentile(each, 0.95) ?? Infinity, LIMIT_MS, " ms"),
    ),
    figures: all,
  };
}

async function measure(folder: string, count: number): Promise<Appearing[]> {
  const projects = Array.from({ length: count }, (_, index) => join(folder, `project-${index}`));
  for (const project of projects) await mkdir(project);
  const [first = folder, ...others] = projects;
  const server = await startRunreel(
    first,
    others.flatMap((project) => ["--runs-dir", project]),
  );
  try {
    const client = await LiveClient.connect(liveUrl(server), { resync: true });
    client.subscribeRuns();
    await client.waitFor(() => client.runs !== undefined, WITHIN_MS, "the list");
    await delay(500);
    const fresh = await startIn(projects, client);
    const again = await startIn(projects, client);
    await client.close();
    return [
      { what: "the first run of a fresh project", each: fresh },
      { what: "another run of its experiment", each: again },
    ];
  } finally {
    await server.stop();
  }
}

/** Starts a run in one project after another; gives how long each took to be listed. */
async function startIn(projects: readonly string[], client: LiveClient): Promise<number[]> {
  const each: number[] = [];
  for (const project of projects) {
    await delay(PAUSE_MS + Math.random() * JITTER_MS);
    const run = new AgentvRun(join(project, ...RUNS_FOLDER), new Date(), "evals/parcels.eval.yaml", PLANNED);
    const from = performance.now();
    await run.start();
    const isListed = () => client.runs?.state.runsById[run.runId]?.tally?.total === PLANNED;
    await client.waitFor(isListed, WITHIN_MS, "the line of a new evaluation");
    each.push(performance.now() - from);
  }
  return each;
}
