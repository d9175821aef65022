import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { answerNow } from "../../src/http/now-routes.ts";
import { NowFeed } from "../../src/live/now-feed.ts";
import type { NowSums } from "../../src/live/now-sums.ts";
import { NowStreams } from "../../src/live/now-streams.ts";
import type { NowRecord } from "../../src/protocol/now.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import { NO_SUMS } from "./no-sums.ts";
import { ManualClock } from "./manual-clock.ts";
import { tempDir } from "./temp-dir.ts";

/**
 * The addresses of Now with nothing around them, so that a test sees what they hold. Runs are read by
 * the system's clock, the streams' is turned by hand.
 */
export async function serveNow(t: TestContext, options: { root?: string; sums?: Partial<NowSums> } = {}) {
  const clock = new ManualClock(Date.now());
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const watcher = new Watcher(() => undefined, systemClock);
  const sources = [acpxSource(systemClock), agentvSource(systemClock)];
  const root = options.root ?? (await tempDir(t));
  const catalog = new RunCatalog({ roots: [{ dir: root }], sources, clock: systemClock, watcher, onError });
  await catalog.start();
  const feed = new NowFeed();
  const sums: NowSums = { ...NO_SUMS, ...options.sums };
  const streams = new NowStreams({
    feed,
    sums,
    catalog,
    bookSources: ["claude-code", "codex"],
    watcher: () => ({ running: true, mode: "watching", trouble: [] }),
    clock,
    onError,
  });
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    const path = new URL(request.url ?? "", "http://localhost").pathname.split("/").slice(2);
    void answerNow(streams, request, response, path).then((isAnswered) =>
      isAnswered ? response : response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    streams.close();
    server.close();
    server.closeAllConnections();
    await catalog.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const { port } = address;
  return { url: `http://127.0.0.1:${port}`, port, clock, errors, feed, streams, responses, root, catalog };
}

/** A record like any other. */
export function madeMark(number: number, text = "Retry"): NowRecord {
  return {
    type: "mark",
    payload: {
      id: `mark-${number}`,
      ts: new Date(1_700_000_000_000 + number).toISOString(),
      run_id: "run-a",
      run_title: "A run",
      source: "claude-code",
      project: null,
      session_id: null,
      mark: "retry",
      text,
    },
  };
}
