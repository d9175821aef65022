import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { BEAT_MS, sendEventHeaders } from "./event-outlet.ts";
import type { Hub, Session } from "./hub.ts";

/**
 * The live protocol where web sockets are blocked: what the server says comes as
 * Server-Sent Events, what the client says as requests of its own. The messages,
 * their order and their limits are those of a socket: it is the same hub.
 *
 * A stream is named by an id that only its own client is told, so nobody else can
 * speak for it.
 */
export class LiveStreams {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #open = new Map<string, { readonly session: Session; readonly end: () => void }>();

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Answers with a stream that lasts until the client leaves or is closed. Its first event, `stream`, says its id. */
  open(response: ServerResponse): void {
    const id = randomBytes(18).toString("base64url");
    sendEventHeaders(response);
    response.write(`event: stream\ndata: ${id}\n\n`);
    let cancelBeat: () => void = () => undefined;
    const beat = () => {
      cancelBeat = this.#clock.after(BEAT_MS, () => {
        response.write(":\n\n");
        beat();
      });
    };
    beat();
    const session = this.#hub.connect({
      get unsentBytes() {
        return response.writableLength;
      },
      send: (bytes, taken) => {
        response.write(Buffer.concat([BEFORE, bytes, AFTER]), taken);
      },
      close: () => response.destroy(),
    });
    this.#open.set(id, { session, end: () => response.end() });
    response.on("close", () => {
      cancelBeat();
      this.#open.delete(id);
      session.left();
    });
  }

  /** What the client of a stream says. False: there is no such stream (any more). */
  receive(id: string, text: string): boolean {
    const stream = this.#open.get(id);
    stream?.session.receive(text);
    return stream !== undefined;
  }

  close(): void {
    for (const { end } of this.#open.values()) end();
  }
}

// JSON has no raw line ends, so a message is one line of data.
const BEFORE = Buffer.from("data: ");
const AFTER = Buffer.from("\n\n");
