import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { EventStreams } from "../../src/live/event-streams.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import type { OpenRun } from "../../src/store/run-stores.ts";
import { ManualClock } from "./manual-clock.ts";

/**
 * The event streams with nothing around them, so that a test sees what they hold:
 * "/" is the feed, "/<id>" a run. Runs are read by the system's clock, the streams'
 * is turned by hand.
 */
export async function serveStreams(t: TestContext, root: string) {
  const clock = new ManualClock(Date.now());
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const watcher = new Watcher(() => undefined, systemClock);
  const sources = [acpxSource(systemClock), agentvSource(systemClock)];
  const catalog = new RunCatalog({ roots: [{ dir: root }], sources, clock: systemClock, watcher, onError });
  await catalog.start();
  /** `failures`: so many times more nothing can be opened. */
  const open = { count: 0, ranges: 0, failures: 0 };
  const counted = {
    list: catalog.list,
    find: (id: string) => catalog.find(id),
    open: async (...ask: Parameters<RunCatalog["open"]>) => {
      if (open.failures > 0) {
        open.failures -= 1;
        throw new Error("too many open files");
      }
      const opened = await catalog.open(...ask);
      if (opened === undefined) return undefined;
      open.count += 1;
      const release = () => {
        open.count -= 1;
        opened.release();
      };
      const parts: OpenRun["parts"] = {
        ...opened.parts,
        range: (...range) => {
          open.ranges += 1;
          return opened.parts.range(...range);
        },
      };
      return { topic: opened.topic, parts, number: opened.number, release };
    },
  };
  const streams = new EventStreams(counted, Promise.resolve(), clock, onError);
  const responses: ServerResponse[] = [];
  const server = createServer((asked, response) => {
    responses.push(response);
    const after = Number(asked.headers["last-event-id"] ?? 0);
    const id = (asked.url ?? "").slice(1);
    const answered = id === "" ? streams.all(response, "") : streams.run(response, id, after);
    answered.catch(onError);
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
  return { clock, errors, open, port: address.port, responses };
}
