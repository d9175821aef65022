import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type ConnectOptions, LiveClient } from "../../scripts/live-client.ts";
import type { Clock } from "../../src/clock.ts";
import { startServer, type ViewerServer } from "../../src/server.ts";
import { tempDir } from "./temp-dir.ts";

export interface TestViewer extends ViewerServer {
  readonly liveUrl: string;
  readonly token: string;
  readonly pageDir: string;
  /** What the server could not do and told nobody else. */
  readonly errors: unknown[];
  readonly shutdowns: { count: number };
  connect(options?: ConnectOptions): Promise<LiveClient>;
}

/** The real server on a free port, with a page of one line. Closed after the test. */
export async function startViewer(
  t: TestContext,
  runsDirs: readonly string[],
  options: { clock?: Clock; compress?: boolean; watch?: boolean; cacheFile?: string } = {},
): Promise<TestViewer> {
  const pageDir = join(await tempDir(t), "page");
  await mkdir(join(pageDir, "assets"), { recursive: true });
  await writeFile(join(pageDir, "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(pageDir, "assets", "main-1234.js"), "export {};");
  const errors: unknown[] = [];
  const shutdowns = { count: 0 };
  const token = "a-token-for-this-test";
  const server = await startServer({
    ...options,
    roots: runsDirs.map((dir) => ({ dir })),
    host: "127.0.0.1",
    port: 0,
    token,
    pageDir,
    onShutdown: () => void (shutdowns.count += 1),
    onError: (error) => void errors.push(error),
  });
  const clients: LiveClient[] = [];
  t.after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  });
  const liveUrl = `${server.url.replace("http", "ws")}/api/live`;
  const connect = async (connectOptions?: ConnectOptions) => {
    const client = await LiveClient.connect(liveUrl, connectOptions);
    clients.push(client);
    return client;
  };
  return { ...server, liveUrl, token, pageDir, errors, shutdowns, connect };
}
