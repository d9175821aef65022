import type { Conversation } from "./run-record.ts";

/** Between two events of a session. */
const EVENT_MS = 20;

/** A step's place in a long run. Everything else of the step follows from it. */
export interface PlannedStep {
  readonly index: number;
  readonly nodeId: string;
  readonly attemptId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly conversation: Conversation;
  /** The last one is still at work: it has no answer and no outcome. */
  readonly isOpen: boolean;
}

const NODES = ["survey", "work", "check"] as const;

/** How the steps of a long run share its events: evenly, one after another, the last one unfinished. */
export class LongPlan {
  readonly events: number;
  /** Finished ones. */
  readonly steps: number;
  readonly sessionId: string;
  readonly #startedMs: number;

  constructor(events: number, steps: number, sessionId: string, endsAt: Date) {
    this.events = events;
    this.steps = steps;
    this.sessionId = sessionId;
    this.#startedMs = endsAt.getTime() - events * EVENT_MS;
  }

  get startedAt(): string {
    return this.timeOf(0);
  }

  /** When the event with this number was written; 0 is the run's start. */
  timeOf(seq: number): string {
    return new Date(this.#startedMs + seq * EVENT_MS).toISOString();
  }

  /** `steps` of them, and the one at work. */
  *all(): Generator<PlannedStep> {
    for (let index = 0; index <= this.steps; index += 1) yield this.step(index);
  }

  *finished(): Generator<PlannedStep> {
    for (let index = 0; index < this.steps; index += 1) yield this.step(index);
  }

  /** Each turn is a prompt and an answer: two messages. A step that has no event begins after the last one. */
  step(index: number): PlannedStep {
    const share = (part: number) => Math.floor((part * this.events) / (this.steps + 1));
    const nodeId = NODES[index % NODES.length] ?? NODES[0];
    const [eventStartSeq, eventEndSeq] = [share(index) + 1, share(index + 1)];
    return {
      index,
      nodeId,
      attemptId: `${nodeId}#${Math.floor(index / NODES.length) + 1}`,
      startedAt: this.timeOf(eventStartSeq - 1),
      finishedAt: this.timeOf(Math.max(eventStartSeq, eventEndSeq)),
      conversation: {
        sessionId: this.sessionId,
        messageStart: index * 2,
        messageEnd: index * 2 + 1,
        eventStartSeq,
        eventEndSeq,
      },
      isOpen: index === this.steps,
    };
  }
}
