import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";

/** What is silent for longer than this may be taken for dead by who is in between. */
export const BEAT_MS = 15_000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // For proxies that would rather collect than pass on.
  "x-accel-buffering": "no",
};

/**
 * A response that is an event stream, with its heartbeat. After its end, or once its reader
 * has left, what is written to it goes nowhere.
 */
export class EventPipe {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  #hasEnded = false;
  #cancelBeat: () => void = () => undefined;

  /** `closed`: nothing is sent any more, and nothing waits to be. */
  constructor(response: ServerResponse, clock: Clock, closed: () => void) {
    this.#response = response;
    this.#clock = clock;
    response.on("error", () => undefined);
    response.once("close", () => {
      this.#stop();
      closed();
    });
    sendEventHeaders(response);
    this.#beatLater();
  }

  get isOpen(): boolean {
    return !this.#hasEnded && !this.#response.destroyed;
  }

  /** Has it ended, and has the network taken all of it or lost it? */
  get isFinished(): boolean {
    return this.#response.writableFinished || this.#response.destroyed;
  }

  get unsentBytes(): number {
    return this.#response.writableLength;
  }

  /** `taken` is called once the network has taken it; after the end nothing is. */
  write(chunk: string | Buffer, taken: () => void): void {
    if (this.isOpen) this.#response.write(chunk, taken);
  }

  /** Nothing follows; what was written still arrives, if it is read. */
  end(): void {
    if (!this.isOpen) return;
    this.#stop();
    this.#response.end();
  }

  /** At once. */
  break(): void {
    this.#stop();
    this.#response.destroy();
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#cancelBeat();
  }

  #beatLater(): void {
    this.#cancelBeat = this.#clock.after(BEAT_MS, () => {
      // Who has something to take yet needs no sign of life.
      if (this.unsentBytes === 0) this.write(": heartbeat\n\n", () => undefined);
      this.#beatLater();
    });
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
