import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { LongRun } from "../../demo/long-run.ts";
import { type Holding, LiveClient } from "../../live-client.ts";
import type { RunState } from "../../../src/protocol/bundle.ts";
import type { Answer } from "../answer.ts";
import type { Plan } from "../plan.ts";
import { isTrue } from "../promises.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { ratio } from "../stats.ts";
import { figure, kilobytes, table, times } from "../table.ts";
import { withRun } from "../temporary.ts";

const EVENTS = 10_000;
/** Longer than the server's pace, so that each event is a patch. */
const GAP_MS = 45;
/** So many bytes in so few patches that the server does not keep them all. */
const BURSTS = 60;
const LINES_A_BURST = 400;
const WITHIN_MS = 20_000;

interface Return {
  readonly patches: number;
  readonly lines: number;
  readonly bytes: number;
  readonly ms: number;
  /** "resumed", or why there was a snapshot. */
  readonly how: string;
  readonly snapshotBytes: number;
  readonly snapshotMs: number;
}

/** What does it cost to come back after some time, and what would the whole state cost? */
export async function resuming(plan: Plan): Promise<Answer> {
  const all = await withRun({ events: EVENTS }, async (runsDir, run) => {
    const server = await startRunreel(runsDir);
    try {
      // Someone stays, so that the run stays open.
      const steady = await connect(liveUrl(server), run);
      const returns: Return[] = [];
      for (const patches of plan.away) {
        returns.push(await goAndReturn(liveUrl(server), run, steady, () => appendSlowly(run, patches)));
      }
      returns.push(await goAndReturn(liveUrl(server), run, steady, () => appendInBursts(run)));
      await steady.close();
      return returns;
    } finally {
      await server.stop();
    }
  });
  return {
    title: "Coming back",
    how:
      `A client of a run of ${figure(EVENTS)} events loses its connection, misses so much, and subscribes with the ` +
      "place it held; beside it one that holds nothing. What each receives until it is up to date. A naive reader sends the whole run, always.",
    tables: [
      table(
        [
          "patches missed",
          "lines missed",
          "bytes: snapshot / resumed",
          "answer",
          "kB",
          "ms",
          "snapshot kB",
          "snapshot ms",
        ],
        all.map((one) => [
          figure(one.patches),
          figure(one.lines),
          times(ratio(one.snapshotBytes, one.bytes)),
          one.how,
          kilobytes(one.bytes),
          figure(one.ms, 1),
          kilobytes(one.snapshotBytes),
          figure(one.snapshotMs, 1),
        ]),
      ),
    ],
    promises: [
      ...all
        .slice(0, -1)
        .map(({ patches, how }) =>
          isTrue(
            how === "resumed",
            `After ${patches} patches the answer is "${how}"; it should be "resumed".`,
          ),
        ),
      isTrue(
        all.at(-1)?.how === "too_old",
        `After more than is kept the answer is "${all.at(-1)?.how}"; it should be "too_old".`,
      ),
    ],
    figures: all,
  };
}

async function goAndReturn(
  url: string,
  run: LongRun,
  steady: LiveClient,
  meanwhile: () => Promise<void>,
): Promise<Return> {
  const { runId, sessionId } = run;
  const linesOf = (state: RunState | undefined) => state?.sessions[sessionId]?.events.length ?? 0;
  const before = await connect(url, run);
  await before.drop();
  const left = before.run(runId);
  await meanwhile();
  await isStill(steady, run);
  const resumed = await timed(url, run, steady, before);
  const fresh = await timed(url, run, steady, undefined);
  return {
    patches: (steady.run(runId)?.version ?? 0) - (left?.version ?? 0),
    lines: linesOf(steady.run(runId)?.state) - linesOf(left?.state),
    bytes: resumed.bytes,
    ms: resumed.ms,
    how: resumed.how,
    snapshotBytes: fresh.bytes,
    snapshotMs: fresh.ms,
  };
}

/** From subscribing until the client holds what the steady one holds. */
async function timed(url: string, run: LongRun, steady: LiveClient, resume: Holding | undefined) {
  const { runId } = run;
  const client = await LiveClient.connect(url, resume === undefined ? {} : { resume });
  const bytesBefore = client.counts.bytes;
  const from = performance.now();
  client.subscribeRun(runId);
  const isThere = () => client.run(runId)?.version === steady.run(runId)?.version;
  await client.waitFor(isThere, WITHIN_MS, "the client that came back to be up to date");
  const ms = performance.now() - from;
  const bytes = client.counts.bytes - bytesBefore;
  const how = client.counts.resumed > 0 ? "resumed" : Object.keys(client.reasons).join(", ");
  await client.close();
  return { ms, bytes, how };
}

async function connect(url: string, { runId }: LongRun): Promise<LiveClient> {
  const client = await LiveClient.connect(url, { resync: true });
  client.subscribeRun(runId);
  await client.waitFor(() => client.run(runId) !== undefined, WITHIN_MS, "the first snapshot");
  return client;
}

async function appendSlowly(run: LongRun, patches: number): Promise<void> {
  for (let index = 0; index < patches; index += 1) {
    run.appendEvent("a few words more ");
    await delay(GAP_MS);
  }
}

async function appendInBursts(run: LongRun): Promise<void> {
  for (let burst = 0; burst < BURSTS; burst += 1) {
    for (let line = 0; line < LINES_A_BURST; line += 1) run.appendEvent("a few words more ");
    await delay(GAP_MS);
  }
}

/** Until the client has all that was appended: its session is as long as it will be. */
async function isStill(client: LiveClient, { runId, sessionId }: LongRun): Promise<void> {
  const length = () => client.run(runId)?.state.sessions[sessionId]?.events.length;
  for (let before = -1; before !== length();) {
    before = length() ?? -1;
    await delay(4 * GAP_MS);
  }
}
