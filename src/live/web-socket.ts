import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { Hub } from "./hub.ts";
import { messageText } from "./message-text.ts";

/** The largest message a client may send. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A client that answers no ping for this long is gone, whatever its connection says. */
const BEAT_MS = 30_000;

/**
 * Off unless asked for: on one machine compressing costs more than it saves, and
 * each connection compresses for itself what is otherwise encoded once for all.
 * A small window and the lowest level keep a connection's share of memory at
 * some 50 kB; lines that repeat one another still shrink to a quarter.
 */
const DEFLATE = {
  threshold: 256,
  concurrencyLimit: 4,
  serverMaxWindowBits: 12,
  zlibDeflateOptions: { level: 1, memLevel: 5 },
};

/** The live protocol over web sockets. Upgrades reach it only after the request guard. */
export class WebSockets {
  readonly #server: WebSocketServer;
  readonly #hub: Hub;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #beat: NodeJS.Timeout;

  constructor(hub: Hub, compress: boolean) {
    this.#hub = hub;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: compress ? DEFLATE : false,
      clientTracking: true,
    });
    this.#beat = setInterval(() => this.#dropTheSilent(), BEAT_MS);
    this.#beat.unref();
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#connect(client));
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    for (const client of this.#server.clients) {
      client.close(1001, "The viewer is shutting down.");
      // A client that does not answer must not keep the server from ending.
      setTimeout(() => client.terminate(), 500).unref();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(client: WebSocket): void {
    this.#alive.add(client);
    const session = this.#hub.connect({
      get unsentBytes() {
        return client.bufferedAmount;
      },
      send: (bytes, taken) => {
        // Through ws as text, though it is bytes already: encoded once for all clients.
        if (client.readyState === WebSocket.OPEN) client.send(bytes, { binary: false }, taken);
      },
      close: (reason) => {
        client.close(1013, reason);
        client.terminate();
      },
    });
    client.on("message", (data, isBinary) => session.receive(isBinary ? "" : messageText(data)));
    client.on("pong", () => this.#alive.add(client));
    client.on("close", () => session.left());
    // ws closes the connection itself (too large a message, a broken frame); it only must be heard.
    client.on("error", () => undefined);
  }

  #dropTheSilent(): void {
    for (const client of this.#server.clients) {
      // While something is on its way a pong would wait behind it; the subscriber watches that.
      if (client.bufferedAmount > 0) this.#alive.add(client);
      else if (this.#alive.delete(client)) client.ping();
      else client.terminate();
    }
  }
}
