import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { EventPipe } from "./event-pipe.ts";
import { LAGGING_BYTES, STUCK_MS } from "./subscriber.ts";

const RETRY_MS = 1_000;

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
  readonly #pipe: EventPipe;
  readonly #clock: Clock;
  readonly #writer: Writer;
  #isLagging = false;
  #hasEnded = false;
  #cancelPatience: () => void = () => undefined;

  constructor(response: ServerResponse, clock: Clock, writer: Writer) {
    this.#clock = clock;
    this.#writer = writer;
    this.#pipe = new EventPipe(response, clock, () => this.#closed());
    this.send(`retry: ${RETRY_MS}\n\n`);
  }

  get hasRoom(): boolean {
    return !this.#isLagging && this.#pipe.isOpen;
  }

  send(text: string): void {
    if (!this.#pipe.isOpen) return;
    this.#pipe.write(text, () => this.#taken());
    if (this.#pipe.unsentBytes > LAGGING_BYTES) this.#lag();
  }

  /** Nothing follows; what was sent still arrives, if it is read. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#pipe.end();
    if (!this.#pipe.isFinished) this.#lag();
  }

  /** At once. */
  break(): void {
    this.#pipe.break();
  }

  #closed(): void {
    this.#cancelPatience();
    const isNews = !this.#hasEnded;
    this.#hasEnded = true;
    if (isNews) this.#writer.left();
  }

  #lag(): void {
    this.#cancelPatience();
    this.#isLagging = true;
    const unsent = this.#pipe.unsentBytes;
    this.#cancelPatience = this.#clock.after(STUCK_MS, () => {
      if (this.#pipe.unsentBytes < unsent) this.#lag();
      else this.#pipe.break();
    });
  }

  #taken(): void {
    if (!this.#isLagging || this.#pipe.isFinished) return;
    if (this.#hasEnded || this.#pipe.unsentBytes > LAGGING_BYTES / 2) return this.#lag();
    this.#cancelPatience();
    this.#isLagging = false;
    this.#writer.goOn();
  }
}
