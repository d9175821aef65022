import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { LongRun } from "../../demo/long-run.ts";
import { LiveClient } from "../../live-client.ts";
import type { Answer } from "../answer.ts";
import { appendPaced } from "../paced-appends.ts";
import type { Plan } from "../plan.ts";
import { isTrue } from "../promises.ts";
import { seeded } from "../random.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { stateHashes } from "../state-hash.ts";
import { figure, table } from "../table.ts";
import { withRun } from "../temporary.ts";
import { untilSo } from "../until.ts";

const EVENTS = 2_000;
const SEEDS = [1, 2, 3];
const GAP_MS = 25;
const SETTLED_WITHIN_MS = 10_000;

interface Life {
  readonly client: LiveClient;
  readonly stalls: number;
  readonly disconnects: number;
  readonly resumed: number;
  readonly snapshots: number;
}

/** Do clients that stall and lose their connections end with what one has that read calmly? */
export async function restless(plan: Plan): Promise<Answer> {
  const { lives, hashes } = await withRun({ events: EVENTS }, async (runsDir, run) => {
    const server = await startRunreel(runsDir);
    try {
      const url = liveUrl(server);
      const calm = await LiveClient.connect(url);
      calm.subscribeRun(run.runId);
      await calm.waitFor(() => calm.run(run.runId) !== undefined, SETTLED_WITHIN_MS, "the first snapshot");
      const until = performance.now() + plan.restlessMs;
      const [lives] = await Promise.all([
        Promise.all(SEEDS.map((seed) => live(url, run, seeded(seed), until))),
        appendPaced(run, Math.floor(plan.restlessMs / GAP_MS), GAP_MS),
      ]);
      const all = [calm, ...lives.map(({ client }) => client)];
      const length = EVENTS + Math.floor(plan.restlessMs / GAP_MS);
      const lengthOf = (client: LiveClient) =>
        client.run(run.runId)?.state.sessions[run.sessionId]?.events.length;
      await untilSo(() => all.every((client) => lengthOf(client) === length), SETTLED_WITHIN_MS);
      const states = all.map((client) => client.run(run.runId)?.state);
      const hashes = stateHashes(states.filter((state) => state !== undefined));
      await Promise.all(all.map((client) => client.close()));
      return { lives, hashes };
    } finally {
      await server.stop();
    }
  });
  const [calm, ...others] = hashes;
  const rows = lives.map((life, index) => [
    `${SEEDS[index]}`,
    figure(life.stalls),
    figure(life.disconnects),
    figure(life.resumed),
    figure(life.snapshots),
    figure(life.client.counts.gaps),
    others[index] === calm ? "the same" : "another",
  ]);
  const problems = lives.flatMap(({ client }) => (client.problem === undefined ? [] : [client.problem]));
  return {
    title: "Restless clients",
    how:
      `A run gets ${1_000 / GAP_MS} events a second for ${plan.restlessMs / 1_000} s. Three clients stop reading, or lose their connection and come back ` +
      "with the place they held, at random (the seed is given); one reads calmly. At the end the whole states are compared by their hash.",
    tables: [
      table(["seed", "stalls", "disconnects", "resumed", "snapshots", "gaps", "state in the end"], rows),
    ],
    promises: [
      isTrue(
        calm !== undefined && others.length === SEEDS.length && others.every((hash) => hash === calm),
        "Clients that stall and come back end with another state than one that read calmly.",
      ),
      isTrue(problems.length === 0, `A client that came back met a problem: ${problems[0]}`),
    ],
    figures: { hashes, lives: lives.map(({ client: _client, ...life }) => life) },
  };
}

/** Stalls and disconnects until the time is up; reads to the end then. */
async function live(url: string, { runId }: LongRun, random: () => number, until: number): Promise<Life> {
  const come = async (before?: LiveClient) => {
    const next = await LiveClient.connect(url, before === undefined ? {} : { resume: before });
    next.subscribeRun(runId);
    return next;
  };
  let client = await come();
  let [stalls, disconnects, resumed, snapshots] = [0, 0, 0, 0];
  while (performance.now() < until) {
    await delay(50 + random() * 350);
    if (random() < 0.5) {
      stalls += 1;
      client.pause();
      await delay(100 + random() * 600);
      client.unpause();
    } else {
      disconnects += 1;
      await client.drop();
      resumed += client.counts.resumed;
      snapshots += snapshotsOf(client);
      await delay(random() * 600);
      client = await come(client);
    }
  }
  await client.waitFor(() => client.run(runId) !== undefined, SETTLED_WITHIN_MS, "the run");
  await delay(500);
  resumed += client.counts.resumed;
  snapshots += snapshotsOf(client);
  return { client, stalls, disconnects, resumed, snapshots };
}

function snapshotsOf({ reasons }: LiveClient): number {
  return Object.values(reasons).reduce((sum, count) => sum + count, 0);
}
