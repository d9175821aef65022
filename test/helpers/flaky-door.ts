import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Transform } from "node:stream";
import type { TestContext } from "node:test";

/**
 * Stands before a viewer as a network does that breaks: what goes through it can be
 * cut at any moment, and another viewer can take the place of the one behind it.
 */
export class FlakyDoor {
  /** Where the viewer is; undefined while there is none. */
  target: string | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (asked, answer) => {
      if (this.target === undefined) return answer.destroy();
      const target = new URL(this.target);
      const headers = { ...asked.headers, host: target.host };
      const passedOn = request(
        {
          host: target.hostname,
          port: target.port,
          path: asked.url,
          method: asked.method,
          headers,
          agent: false,
        },
        (given) => {
          answer.writeHead(given.statusCode ?? 500, given.headers);
          given.pipe(hurried()).pipe(answer);
          given.on("error", () => answer.destroy());
          given.on("aborted", () => answer.destroy());
        },
      );
      passedOn.on("error", () => answer.destroy());
      answer.on("close", () => passedOn.destroy());
      asked.pipe(passedOn);
    });
  }

  static async open(t: TestContext, target: string): Promise<FlakyDoor> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const door = new FlakyDoor(server);
    door.target = target;
    t.after(() => {
      door.cut();
      server.close();
    });
    return door;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the door is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Breaks every connection; how many there were. */
  cut(): number {
    const { size } = this.#sockets;
    for (const socket of this.#sockets) socket.destroy();
    return size;
  }
}

/** Whoever is told by a stream when to come again is told to come soon: tests need not wait it out. */
function hurried(): Transform {
  let isFirst = true;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = isFirst ? chunk.toString().replace(/^retry: \d+\n/, "retry: 20\n") : chunk;
      isFirst = false;
      done(null, text);
    },
  });
}
