import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { TestContext } from "node:test";

/** Something between a page and its viewer that does not let everything through. */
export interface BlockingProxy {
  readonly url: string;
  sockets: "pass" | "refuse" | "swallow";
  streams: "pass" | "refuse" | "swallow";
  /** How often the list was asked for. */
  readonly polls: number;
}

export async function startBlockingProxy(t: TestContext, viewerUrl: string): Promise<BlockingProxy> {
  const { host, port } = new URL(viewerUrl);
  const ofViewer = (headers: IncomingHttpHeaders) => ({
    ...headers,
    host,
    ...(headers.origin === undefined ? {} : { origin: viewerUrl }),
  });
  let polls = 0;
  const server = createServer((asked, response) => {
    const path = asked.url ?? "/";
    if (path.startsWith("/api/runs?since=")) polls += 1;
    const isStream = path.startsWith("/api/live/channel");
    if (isStream && proxy.streams === "refuse") return void response.writeHead(503).end();
    if (isStream && proxy.streams === "swallow") return;
    const onward = request(
      { port, path, method: asked.method, headers: ofViewer(asked.headers), agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on("error", () => response.destroy());
        response.on("close", () => answer.destroy());
      },
    );
    onward.on("error", () => response.destroy());
    asked.pipe(onward);
  });
  server.on("upgrade", (asked, socket, head) => {
    socket.on("error", () => undefined);
    if (proxy.sockets === "refuse") return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    if (proxy.sockets === "swallow") return;
    const onward = connect(Number(port), "127.0.0.1", () => {
      const headers = Object.entries(ofViewer(asked.headers)).map(
        ([name, value]) => `${name}: ${String(value)}`,
      );
      onward.write(`GET ${asked.url} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  const proxy: BlockingProxy = {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    sockets: "pass",
    streams: "pass",
    get polls() {
      return polls;
    },
  };
  return proxy;
}
