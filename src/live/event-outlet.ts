import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { LAGGING_BYTES, STUCK_MS } from "./subscriber.ts";

/** What is silent for longer than this may be taken for dead by who is in between. */
export const BEAT_MS = 15_000;
const RETRY_MS = 1_000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // For proxies that would rather collect than pass on.
  "x-accel-buffering": "no",
};

/** Who writes to an outlet. */
export interface Writer {
  /** There is room again. */
  goOn(): void;
  /** The reader has left, or was closed because it read nothing; nobody is told twice. */
  left(): void;
}

/**
 * The way to one reader of an event stream. It keeps no queue: past 512 KiB that
 * the network has not taken it has no room, and who has no room asks again later.
 * A reader that takes nothing for 30 s meanwhile is closed.
 */
export class EventOutlet {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #writer: Writer;
  #isLagging = false;
  #hasEnded = false;
  #cancelPatience: () => void = () => undefined;
  #cancelBeat: () => void = () => undefined;

  constructor(response: ServerResponse, clock: Clock, writer: Writer) {
    this.#response = response;
    this.#clock = clock;
    this.#writer = writer;
    response.on("error", () => undefined);
    response.once("close", () => this.#closed());
    sendEventHeaders(response);
    this.send(`retry: ${RETRY_MS}\n\n`);
    this.#beatLater();
  }

  get hasRoom(): boolean {
    return !this.#isLagging && !this.#hasEnded && !this.#response.destroyed;
  }

  send(text: string): void {
    if (this.#hasEnded || this.#response.destroyed) return;
    this.#response.write(text, () => this.#taken());
    if (this.#response.writableLength > LAGGING_BYTES) this.#lag();
  }

  /** Nothing follows; what was sent still arrives, if it is read. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelBeat();
    this.#response.end();
    if (!this.#response.writableFinished) this.#lag();
  }

  /** At once. */
  break(): void {
    this.#response.destroy();
  }

  #closed(): void {
    this.#cancelBeat();
    this.#cancelPatience();
    const isNews = !this.#hasEnded;
    this.#hasEnded = true;
    if (isNews) this.#writer.left();
  }

  #beatLater(): void {
    this.#cancelBeat = this.#clock.after(BEAT_MS, () => {
      // Who lags has enough to read.
      if (this.hasRoom) this.send(": heartbeat\n\n");
      this.#beatLater();
    });
  }

  #lag(): void {
    this.#cancelPatience();
    this.#isLagging = true;
    const unsent = this.#response.writableLength;
    this.#cancelPatience = this.#clock.after(STUCK_MS, () => {
      if (this.#response.writableLength < unsent) this.#lag();
      else this.#response.destroy();
    });
  }

  #taken(): void {
    if (!this.#isLagging || this.#response.destroyed) return;
    if (this.#hasEnded || this.#response.writableLength > LAGGING_BYTES / 2) return this.#lag();
    this.#cancelPatience();
    this.#isLagging = false;
    this.#writer.goOn();
  }
}

/** All that is sent to who only asks what would come. */
export function sendEventHeaders(response: ServerResponse): void {
  response.writeHead(200, HEADERS);
}

/** There is nothing more, ever: an EventSource that is told so does not ask again. */
export function sendNothing(response: ServerResponse): void {
  response.writeHead(204, { "cache-control": "no-cache" });
  response.end();
}
