import type { Clock } from "./clock.ts";

/** acpx tells that a node is still at work this often, in real time at any speed of the demo. */
const HEARTBEAT_MS = 5_000;

/** Waits at the demo's speed, and has the heartbeat given whenever one is due. */
export class Pace {
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #signal: AbortSignal | undefined;
  #lastBeat: number;

  constructor(clock: Clock, speed: number, signal?: AbortSignal) {
    this.#clock = clock;
    this.#speed = speed;
    this.#signal = signal;
    this.#lastBeat = clock.now().getTime();
  }

  /** The next beat is due a whole interval from now. */
  expectBeat(): void {
    this.#lastBeat = this.#clock.now().getTime();
  }

  /** Returns early when the demo is told to stop. */
  async wait(ms: number, beat: () => Promise<void>): Promise<void> {
    let left = ms / this.#speed;
    while (left > 0 && this.#signal?.aborted !== true) {
      const untilBeat = Math.max(0, this.#lastBeat + HEARTBEAT_MS - this.#clock.now().getTime());
      if (untilBeat === 0) {
        this.expectBeat();
        await beat();
        continue;
      }
      const pause = Math.min(left, untilBeat);
      await this.#clock.sleep(pause, this.#signal);
      left -= pause;
    }
  }
}
