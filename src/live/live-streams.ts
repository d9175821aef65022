import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { EventPipe } from "./event-pipe.ts";
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
  readonly #open = new Map<string, { readonly session: Session; readonly pipe: EventPipe }>();

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Answers with a stream that lasts until the client leaves or is closed. Its first event, `stream`, says its id. */
  open(response: ServerResponse): void {
    const id = randomBytes(18).toString("base64url");
    const pipe = new EventPipe(response, this.#clock, () => this.#left(id));
    pipe.write(`event: stream\ndata: ${id}\n\n`, () => undefined);
    const session = this.#hub.connect({
      get unsentBytes() {
        return pipe.unsentBytes;
      },
      send: (bytes, taken) => pipe.write(Buffer.concat([BEFORE, bytes, AFTER]), taken),
      close: () => pipe.break(),
    });
    this.#open.set(id, { session, pipe });
  }

  /** What the client of a stream says. False: there is no such stream (any more). */
  receive(id: string, text: string): boolean {
    const stream = this.#open.get(id);
    stream?.session.receive(text);
    return stream !== undefined;
  }

  close(): void {
    for (const [id, { pipe }] of this.#open) {
      this.#left(id);
      pipe.end();
    }
  }

  #left(id: string): void {
    this.#open.get(id)?.session.left();
    this.#open.delete(id);
  }
}

// JSON has no raw line ends, so a message is one line of data.
const BEFORE = Buffer.from("data: ");
const AFTER = Buffer.from("\n\n");
