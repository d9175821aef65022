import { once } from "node:events";
import { WebSocketServer, type WebSocket } from "ws";

/**
 * A bare WebSocket server on a free port of the loopback, for the servers that
 * Runreel is compared with. Prints the ready line; SIGTERM ends the process.
 */
export async function serveSockets(
  onClient: (client: WebSocket) => void = () => undefined,
): Promise<ReadonlySet<WebSocket>> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", onClient);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  process.on("SIGTERM", () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ event: "ready", url: `http://127.0.0.1:${address.port}` })}\n`);
  return server.clients;
}
