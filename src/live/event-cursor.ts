import type { RunEvent } from "../protocol/event-messages.ts";
import type { OpenRun } from "../store/run-stores.ts";
import type { EventNumbers } from "./event-numbers.ts";
import { type Counts, endOf, eventOf, runEvent, saysOver, startedAt, startOf } from "./run-events.ts";
import { TraceLines } from "./trace-lines.ts";

export type Step =
  | { readonly kind: "events"; readonly events: readonly RunEvent[] }
  /** The last one. */
  | { readonly kind: "end"; readonly event: RunEvent }
  /** There is none now; the run's topic tells of more. */
  | { readonly kind: "none" }
  /** The run's files say that it is over, but its last line has not come yet; so many have. */
  | { readonly kind: "unsettled"; readonly lines: number }
  /** The run is gone or was written anew. */
  | { readonly kind: "gone" };

/** Goes through the events of an open run in order. */
export class EventCursor {
  readonly #run: OpenRun;
  readonly #runId: string;
  readonly #numbers: EventNumbers;
  readonly #lines: TraceLines;
  /** Undefined: at the very beginning. */
  #counts: Counts | undefined;
  #line: number;

  /** Begins somewhere before the event that follows number `after`. */
  constructor(run: OpenRun, runId: string, numbers: EventNumbers, after: number) {
    this.#run = run;
    this.#runId = runId;
    this.#numbers = numbers;
    const place = numbers.before(after);
    this.#counts = place?.counts;
    this.#line = place?.line ?? 0;
    this.#lines = new TraceLines(run, this.#line);
  }

  /** The number of the last event it has given. */
  get sequence(): number {
    return this.#counts?.events ?? 0;
  }

  /** With so many lines a run that says it is over is believed, whatever its last line is. */
  async next(settledWith: number | undefined): Promise<Step> {
    const { state } = this.#run.topic;
    if (this.#counts === undefined) {
      const { body, counts } = startOf(state, startedAt(state) ?? (await this.#firstLineAt()));
      this.#counts = counts;
      this.#numbers.note(0, counts);
      return { kind: "events", events: [runEvent(this.#runId, counts.events, body)] };
    }
    const lines = await this.#lines.next();
    switch (lines.kind) {
      case "gone":
      case "anew":
        return { kind: "gone" };
      case "none":
        return this.#atEnd(this.#counts, settledWith);
      case "lines": {
        const events: RunEvent[] = [];
        let counts = this.#counts;
        for (const [index, entry] of lines.entries.entries()) {
          const line = lines.from + index;
          this.#numbers.note(line, counts);
          if (entry === undefined) continue;
          const taken = eventOf(this.#run.topic.state, counts, { line, entry }, this.#numbers.results);
          counts = taken.counts;
          if (taken.body !== null) events.push(runEvent(this.#runId, counts.events, taken.body));
        }
        this.#counts = counts;
        this.#line = lines.from + lines.entries.length;
        this.#numbers.note(this.#line, counts);
        return { kind: "events", events };
      }
    }
  }

  /** Of a run that does not say when it began. */
  async #firstLineAt(): Promise<string | undefined> {
    const lines = await new TraceLines(this.#run, 0).next();
    return lines.kind === "lines" ? lines.entries.find((entry) => entry !== undefined)?.at : undefined;
  }

  #atEnd(counts: Counts, settledWith: number | undefined): Step {
    const { state } = this.#run.topic;
    const body = endOf(state, counts);
    if (body === null) return { kind: "none" };
    if (!saysOver(state, counts) && settledWith !== this.#line)
      return { kind: "unsettled", lines: this.#line };
    return { kind: "end", event: runEvent(this.#runId, counts.events + 1, body) };
  }
}
