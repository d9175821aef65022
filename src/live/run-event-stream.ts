import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { RunEvent } from "../protocol/event-messages.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { EventCursor } from "./event-cursor.ts";
import type { EventNumbers } from "./event-numbers.ts";
import { EventOutlet } from "./event-outlet.ts";
import { sendNothing } from "./event-pipe.ts";
import { SETTLE_MS } from "./run-events.ts";

/** Small frames leave together. */
const BATCH_CHARS = 16 * 1024;

export interface RunEventStreamParts {
  readonly run: OpenRun;
  readonly runId: string;
  readonly numbers: EventNumbers;
  /** The number of the last event that the reader has. */
  readonly after: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/**
 * The events of one run for one reader. It owns no queue but the events of one
 * page of the trace: the rest it reads when there is room. The run is released
 * when the reader has left or the stream is at its end.
 */
export class RunEventStream {
  readonly #parts: RunEventStreamParts;
  readonly #cursor: EventCursor;
  readonly #response: ServerResponse;
  #outlet: EventOutlet | undefined;
  #waiting: RunEvent[] = [];
  /** Nothing comes after what waits. */
  #isLast = false;
  #settledWith: number | undefined;
  #cancelSettling: (() => void) | undefined;
  #onSettled: () => void = () => undefined;
  #stopListening: () => void = () => undefined;
  #isPumping = false;
  #isDue = false;
  #isClosed = false;

  constructor(response: ServerResponse, parts: RunEventStreamParts) {
    this.#parts = parts;
    this.#response = response;
    const { after, numbers, run, runId } = parts;
    this.#cursor = new EventCursor(run, runId, numbers, after);
  }

  /** Looks for the first event to send, answers, and goes on until the reader has all. */
  async start(): Promise<void> {
    const { clock, run } = this.#parts;
    this.#response.once("close", () => this.close());
    this.#stopListening = run.topic.onChange(() => void this.#pump());
    try {
      await this.#seek();
      // Whether the one event that is left is news cannot be told yet.
      if (this.#cancelSettling !== undefined && this.#cursor.sequence < this.#parts.after) {
        await this.#settled();
        await this.#seek();
      }
      if (this.#response.destroyed) return this.close();
      if (this.#isLast && this.#waiting.length === 0) {
        sendNothing(this.#response);
        return this.close();
      }
    } catch (error) {
      this.close();
      throw error;
    }
    const pump = () => void this.#pump();
    this.#outlet = new EventOutlet(this.#response, clock, { goOn: pump, left: () => this.close() });
    if (this.#isClosed) this.#outlet.end();
    else pump();
  }

  /** Reads on until there is something to send, or nothing more for now. */
  async #seek(): Promise<void> {
    while (this.#waiting.length === 0 && !this.#isLast && !this.#isClosed) if (!(await this.#more())) return;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelSettling?.();
    this.#stopListening();
    this.#waiting = [];
    this.#parts.run.release();
  }

  /** Also when the server ends. */
  end(): void {
    this.close();
    this.#outlet?.end();
  }

  async #pump(): Promise<void> {
    this.#isDue = true;
    if (this.#isPumping || this.#outlet === undefined) return;
    this.#isPumping = true;
    try {
      while (this.#isDue && !this.#isClosed) {
        this.#isDue = false;
        await this.#drain(this.#outlet);
      }
    } catch (error) {
      this.#parts.onError(error);
      this.close();
      this.#outlet.break();
    } finally {
      this.#isPumping = false;
    }
  }

  async #drain(outlet: EventOutlet): Promise<void> {
    while (!this.#isClosed && outlet.hasRoom) {
      if (this.#waiting.length > 0) this.#sendBatch(outlet);
      else if (this.#isLast) return this.end();
      else if (!(await this.#more())) return;
    }
  }

  #sendBatch(outlet: EventOutlet): void {
    let text = "";
    let count = 0;
    for (const event of this.#waiting) {
      if (text.length >= BATCH_CHARS) break;
      text += `id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`;
      count += 1;
    }
    this.#waiting.splice(0, count);
    outlet.send(text);
  }

  /** False: there is nothing to wait for but the topic. */
  async #more(): Promise<boolean> {
    const step = await this.#cursor.next(this.#settledWith);
    if (this.#isClosed) return false;
    switch (step.kind) {
      case "events":
        this.#take(step.events);
        return true;
      case "end":
        this.#take([step.event]);
        this.#isLast = true;
        return true;
      case "none":
        return false;
      case "unsettled":
        this.#settleWith(step.lines);
        return false;
      case "gone":
        // Who comes back learns whether it is there no more or was written anew.
        this.end();
        return false;
    }
  }

  #take(events: readonly RunEvent[]): void {
    for (const event of events) if (event.sequence > this.#parts.after) this.#waiting.push(event);
  }

  #settleWith(lines: number): void {
    this.#cancelSettling?.();
    this.#cancelSettling = this.#parts.clock.after(SETTLE_MS, () => {
      this.#cancelSettling = undefined;
      this.#settledWith = lines;
      this.#onSettled();
      void this.#pump();
    });
  }

  /** Until the run is believed to be over, or the reader has left. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
      this.#response.once("close", resolve);
    });
  }
}
