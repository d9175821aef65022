import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemClock } from "./clock.ts";
import { RequestGuard } from "./http/guard.ts";
import { Page } from "./http/page.ts";
import { createRouter } from "./http/router.ts";
import { EventStreams } from "./live/event-streams.ts";
import { Hub } from "./live/hub.ts";
import { NowFeed } from "./live/now-feed.ts";
import { NowStreams } from "./live/now-streams.ts";
import { LiveStreams } from "./live/live-streams.ts";
import { WebSockets } from "./live/web-socket.ts";
import { claudeCodeFormat } from "./sources/claude-code/claude-code.ts";
import { codexFormat } from "./sources/codex/codex.ts";
import { SessionBook } from "./sources/coding/book/session-book.ts";
import { codingSource } from "./sources/coding/coding-source.ts";
import { SessionRecords } from "./sums/session-records.ts";
import { Sums } from "./sums/sums.ts";
import { acpxSource } from "./sources/acpx/acpx-source.ts";
import { agentvSource } from "./sources/agentv/agentv-source.ts";
import { wazaSource } from "./sources/waza/waza-source.ts";
import { Watcher } from "./sources/watcher.ts";
import type { Root } from "./store/roots.ts";
import { watchedWith } from "./store/watched.ts";
import { lookAtLatelyWritten } from "./store/lately-written.ts";
import { RunCatalog } from "./store/run-catalog.ts";

/** Within this time of listening the server is ready, with its newest runs listed or not. */
const LISTED_WITHIN_MS = 500;
/** What was written in so long tells what is spent now and today. */
const LATELY_MS = 24 * 60 * 60_000;

export interface ServerOptions {
  readonly roots: readonly Root[];
  /** Where nobody named a folder, the one that the viewer was started in: what lies at hand there is shown too. */
  readonly workingDir?: string | undefined;
  /** False: what is there at the start is read, and nothing after it but a run that is opened. */
  readonly watch?: boolean;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What mutations must show. */
  readonly token: string;
  /** Compress what goes over the live connection, for clients that can read it. */
  readonly compress?: boolean;
  /** The built page's folder. */
  readonly pageDir: string;
  /** Where what was counted of coding sessions is kept until the next start; null: nowhere. */
  readonly cacheFile?: string | null;
  readonly clock?: Clock;
  /** Called when a client asks the server, with the token, to end. */
  readonly onShutdown: () => void;
  readonly onError: (error: unknown) => void;
}

export interface ViewerServer {
  readonly url: string;
  readonly port: number;
  readonly startedAt: string;
  close(): Promise<void>;
}

/** Builds the viewer from its parts, listens, and lists the runs. Throws what `listen` throws. */
export async function startServer(options: ServerOptions): Promise<ViewerServer> {
  const clock = options.clock ?? systemClock;
  const startedAt = new Date(clock.now()).toISOString();
  const { onError, watch = true, workingDir } = options;

  const formats = [claudeCodeFormat, codexFormat];
  const book = new SessionBook({
    formats,
    clock,
    cacheFile: options.cacheFile ?? null,
    onChange: (place) => catalog.wake(place),
    onError,
  });
  const sums = new Sums({ clock, progress: () => book.progress });
  book.onMoved((moved) => sums.moved(moved));
  book.onNews((news) => sums.news(news));

  const sources = [
    acpxSource(clock),
    agentvSource(clock),
    wazaSource(clock),
    ...formats.map((format) => codingSource(format, book, clock)),
  ];
  const watcher = new Watcher((trouble) => catalog.setTrouble(trouble), clock, !watch);
  const catalog = new RunCatalog({
    roots: options.roots,
    workingDir,
    sources,
    clock,
    watcher,
    onError,
  });
  const hub = new Hub(catalog, clock, onError);
  const sockets = new WebSockets(hub, options.compress ?? false);
  const streams = new LiveStreams(hub, clock);

  let list: () => void = () => undefined;
  const listed = new Promise<void>((resolve) => {
    list = resolve;
  });
  const events = new EventStreams(catalog, listed, clock, onError);

  const feed = new NowFeed();
  const records = new SessionRecords({
    book,
    runs: {
      nameOf(place) {
        const id = catalog.idOf(place);
        const line = id === undefined ? undefined : catalog.find(id);
        return line && { id: line.runId, title: line.runTitle ?? line.flowName };
      },
      onChange: (listener) => catalog.list.head.onChange(listener),
    },
    taker: feed,
    clock,
  });
  const now = new NowStreams({
    feed,
    sums,
    catalog,
    bookSources: formats.map(({ type }) => type),
    watcher: () => ({
      running: watch,
      mode: catalog.watching(),
      trouble: [...catalog.list.head.state.trouble],
    }),
    clock,
    onError,
  });

  const page = await Page.load(options.pageDir);
  const http = createServer();
  const port = await listen(http, options.host, options.port);
  const guard = new RequestGuard(options.host, port);

  http.on("error", onError);
  http.on(
    "request",
    createRouter({
      guard,
      token: options.token,
      health: () => ({
        pid: process.pid,
        ...watchedWith(options),
        startedAt,
        watching: catalog.watching(),
        watchTrouble: catalog.list.head.state.trouble,
      }),
      listRuns: () => catalog.list.all,
      listPortion: (ask) => catalog.list.portion(ask),
      listGroups: (ask) => catalog.list.groups(ask),
      filesOf: (id) => catalog.filesOf(id),
      head: catalog.list.head,
      streams,
      openRun: (id, extent) => catalog.open(id, extent),
      events,
      now,
      shutdown: options.onShutdown,
      page,
      onError,
    }),
  );
  http.on("upgrade", (request, socket, head) => {
    const verdict = guard.check(request);
    if (verdict.kind === "refuse") return refuseUpgrade(socket, "403 Forbidden");
    if (request.url?.split("?", 1)[0] !== "/api/live") return refuseUpgrade(socket, "404 Not Found");
    sockets.upgrade(request, socket, head);
  });

  // The newest runs are there within moments, but for a slow disk; the others come as they are found.
  const started = catalog.start().catch(onError).finally(list);
  lookAtLatelyWritten(options.roots, sources, clock.now() - LATELY_MS, onError).catch(onError);
  await Promise.race([started, sleep(LISTED_WITHIN_MS, undefined, { ref: false })]);
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    port,
    startedAt,
    async close() {
      http.close();
      events.close();
      now.close();
      records.close();
      streams.close();
      await sockets.close();
      http.closeAllConnections();
      await catalog.close();
      await book.close();
    },
  };
}

async function listen(http: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.off("error", reject);
      resolve();
    });
  });
  const address: AddressInfo | string | null = http.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
