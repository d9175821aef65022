import { parseArgs } from "node:util";
import { findRunning } from "../src/commands/running.ts";
import { describeMessage } from "./describe-message.ts";
import { LiveClient } from "./live-client.ts";

const USAGE = `Usage: pnpm smoke [options]

Follows the live protocol of a running viewer, checks every message, and prints a line for each.
Exits 1 on a gap, a failed op, a protocol error or a closed connection.

  --url URL       where to connect (default: the viewer that is running)
  --run ID        the run to follow (default the newest; the first to come when there is none)
  --for SECONDS   stop after so long
  --once          stop when the list and the run are there
  --help          this text
`;

/** Waiting for a first run, or following one, has no end of its own. */
const FOREVER_MS = 2 ** 31 - 1;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      run: { type: "string" },
      for: { type: "string" },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0 && seconds * 1_000 <= FOREVER_MS)) {
    throw new Error(`--for needs a number of seconds above 0, not "${values.for}".`);
  }

  const client = await LiveClient.connect(values.url ?? (await runningUrl()));
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const timer = seconds === undefined ? undefined : setTimeout(() => stop.abort(), seconds * 1_000);
  try {
    await follow(client, values.run, values.once, stop.signal);
    const { messages, patches, bytes } = client.counts;
    process.stdout.write(`${messages} messages, ${patches} patches, ${bytes} bytes, no gap\n`);
  } finally {
    clearTimeout(timer);
    await client.close();
  }
}

async function runningUrl(): Promise<string> {
  const [viewer] = await findRunning({
    host: "127.0.0.1",
    port: undefined,
    roots: [],
    watch: true,
    workingDir: undefined,
    namedRunsDirs: false,
  });
  if (viewer === undefined) {
    throw new Error("No viewer is running: start one with `pnpm viewer`, or name one with --url.");
  }
  return `${viewer.url.replace(/^http/, "ws")}/api/live`;
}

async function follow(
  client: LiveClient,
  wanted: string | undefined,
  once: boolean,
  stop: AbortSignal,
): Promise<void> {
  const describe = describeMessage(client);
  client.onMessage((received) => process.stdout.write(`${describe(received)}\n`));
  const until = (predicate: () => boolean) => untilStopped(client, predicate, stop);

  client.subscribeRuns();
  await until(() => client.runs !== undefined);
  if (wanted === undefined && client.runs?.state.order.length === 0) {
    process.stdout.write("No run is there yet; waiting for the first.\n");
  }
  const newest = () => wanted ?? client.runs?.state.order[0];
  await until(() => newest() !== undefined);
  const runId = newest();
  if (stop.aborted || runId === undefined) return;
  client.subscribeRun(runId);
  await until(() => (once ? client.run(runId) !== undefined : false));
}

/** Until the predicate holds or the person has seen enough; a problem rejects. */
async function untilStopped(client: LiveClient, predicate: () => boolean, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  const stopped = new Promise<void>((resolve) =>
    stop.addEventListener("abort", () => resolve(), { once: true }),
  );
  await Promise.race([stopped, client.waitFor(predicate, FOREVER_MS)]);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`smoke: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
