import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { messageText } from "../../src/live/message-text.ts";
import type { ChildServer } from "./children.ts";
import { agesIn } from "./mark.ts";
import { liveUrl } from "./servers.ts";

/** A client that may ask for compression, and counts what its socket received. */
export class CompressedClient {
  readonly ages: number[] = [];
  readonly #socket: WebSocket;
  readonly #wire: Socket;

  private constructor(socket: WebSocket, wire: Socket) {
    this.#socket = socket;
    this.#wire = wire;
  }

  /** Resolves with the run's snapshot received. */
  static async connect(server: ChildServer, runId: string, compress: boolean): Promise<CompressedClient> {
    const socket = new WebSocket(liveUrl(server), { perMessageDeflate: compress, maxPayload: 1024 ** 3 });
    const wire = await new Promise<Socket>((resolve, reject) => {
      let upgraded: Socket | undefined;
      socket.once("upgrade", (response) => {
        upgraded = response.socket;
      });
      socket.once("open", () =>
        upgraded === undefined ? reject(new Error("No socket.")) : resolve(upgraded),
      );
      socket.once("error", reject);
    });
    const client = new CompressedClient(socket, wire);
    await client.#follow(runId);
    return client;
  }

  get bytes(): number {
    return this.#wire.bytesRead;
  }

  close(): void {
    this.#socket.terminate();
  }

  #follow(runId: string): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.on("message", (data) => {
        const text = messageText(data);
        if (text.startsWith('{"type":"run_snapshot"')) resolve();
        else if (text.startsWith('{"type":"patch"')) this.ages.push(...agesIn(text));
      });
      this.#socket.send(JSON.stringify({ type: "hello", protocol: "runreel.live.v1" }));
      this.#socket.send(JSON.stringify({ type: "subscribe_run", runId }));
    });
  }
}
