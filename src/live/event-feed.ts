import type { Clock } from "../clock.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import type { FeedEvent } from "../protocol/event-messages.ts";
import { isTerminal } from "../protocol/status.ts";
import { isSameTally } from "../protocol/tally.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import { EventRing, frameOf } from "./event-ring.ts";
import { completedEvent, updatedEvent } from "./feed-events.ts";
import { FollowedTests, type Known } from "./followed-tests.ts";
import { ToldResults } from "./told-results.ts";

/** Evaluations in flight whose single results are told; of more, the list's counts are. */
const MOST_FOLLOWED = 32;
/** Who was away is told of what ended in the last hour, of so many runs. */
const LATELY_MS = 60 * 60_000;
const MOST_LATELY = 32;

/** What is asked of the catalog. */
export type Runs = Pick<RunCatalog, "find" | "list" | "open">;

/** A run as far as the feed has told of it. */
interface Seen {
  readonly line: RunSummary;
  readonly tests: FollowedTests | undefined;
  /** Once it has been followed: what must be known to follow it again. */
  readonly past: Past | undefined;
}

interface Past {
  readonly told: ToldResults;
  /** Until all that there was has been told or passed over, what was no news stays none. */
  readonly known: Known;
  readonly hasEnded: boolean;
}

/**
 * What happens in all runs, while somebody listens: it follows the head of the list
 * and, of each evaluation in flight, its run's topic.
 *
 * What always holds: of an evaluation `run_started` comes first, then each result
 * once, in order, then `run_completed`; and whoever is told the present state, at a
 * number of the ring, is told the rest by what follows that number.
 */
export class EventFeed {
  readonly ring = new EventRing();
  readonly #catalog: Runs;
  readonly #onError: (error: unknown) => void;
  readonly #onEvent: () => void;
  readonly #seen = new Map<string, Seen>();
  readonly #clock: Clock;
  readonly #startedAt: number;
  #stopListening: () => void;

  constructor(catalog: Runs, clock: Clock, onEvent: () => void, onError: (error: unknown) => void) {
    this.#catalog = catalog;
    this.#onError = onError;
    this.#onEvent = onEvent;
    this.#clock = clock;
    this.#startedAt = clock.now();
    for (const line of this.#head()) {
      this.#seen.set(line.runId, { line, tests: undefined, past: undefined });
      if (isEvaluation(line) && isInFlight(line)) this.#follow(line, { kind: "all" });
    }
    this.#stopListening = catalog.list.head.onChange(() => this.#look());
  }

  /**
   * The frames that say how every run in flight stands, as of the ring's newest event; and, for who
   * has lost its place, how those stand that were lately.
   */
  present(wasAway: boolean): string {
    let text = wasAway ? this.#lately() : "";
    for (const { line, tests } of this.#seen.values()) {
      if (!isInFlight(line)) continue;
      const event = isEvaluation(line) && tests !== undefined ? tests.present : told(line);
      if (event !== undefined) text += frameOf(event);
    }
    return text;
  }

  #lately(): string {
    const since = this.#clock.now() - LATELY_MS;
    const ended: RunSummary[] = [];
    for (const { line, tests } of this.#seen.values()) {
      // An end that has yet to be told will be.
      const isTold = tests === undefined || tests.hasEnded;
      if (!isInFlight(line) && isTold && endOf(line) >= since) ended.push(line);
    }
    return ended
      .toSorted((left, right) => endOf(left) - endOf(right))
      .slice(-MOST_LATELY)
      .map((line) => frameOf(endedEvent(line)))
      .join("");
  }

  close(): void {
    this.#stopListening();
    for (const { tests } of this.#seen.values()) tests?.close();
    this.#seen.clear();
  }

  #head(): RunSummary[] {
    const { order, runsById } = this.#catalog.list.head.state;
    return order.map((id) => runsById[id]).filter((line) => line !== undefined);
  }

  #look(): void {
    const inHead = new Set<string>();
    for (const line of this.#head()) {
      inHead.add(line.runId);
      const seen = this.#seen.get(line.runId);
      if (seen === undefined) this.#appeared(line);
      else if (seen.line !== line) this.#changed(seen, line);
    }
    for (const [id, seen] of this.#seen) if (!inHead.has(id)) this.#leftHead(id, seen);
  }

  #appeared(line: RunSummary): void {
    this.#seen.set(line.runId, { line, tests: undefined, past: undefined });
    // An old run that was only found now is no news; one that was over before it was found is.
    const isNew = isInFlight(line) || endOf(line) >= this.#startedAt;
    if (!isNew) return;
    if (isEvaluation(line) && this.#follow(line, { kind: "nothing" })) return;
    this.#tell(told(line));
  }

  #changed(seen: Seen, line: RunSummary): void {
    this.#seen.set(line.runId, { ...seen, line });
    if (!isEvaluation(line)) {
      const { currentNode, status } = seen.line;
      if (line.status !== status || line.currentNode !== currentNode) this.#tell(told(line));
      return;
    }
    if (isInFlight(line)) {
      if (seen.tests !== undefined) return;
      // Never followed yet: its counts were told, as of its line.
      const known: Known = { kind: "until", at: Date.parse(seen.line.updatedAt) };
      if (!this.#follow(line, known)) this.#tellCounts(seen.line, line);
    } else if (isTerminal(line.status)) {
      // Who follows the run tells its end after its last result.
      if (seen.tests?.hasEnded === true) this.#unfollow(line.runId);
      else if (seen.tests === undefined && !isTerminal(seen.line.status)) this.#tell(told(line));
    } else {
      this.#unfollow(line.runId);
      this.#tellCounts(seen.line, line);
    }
  }

  #leftHead(id: string, seen: Seen): void {
    const line = this.#catalog.find(id);
    if (line !== undefined && isInFlight(line)) return;
    this.#unfollow(id);
    this.#seen.delete(id);
    if (line === undefined && !isTerminal(seen.line.status)) this.#tell(updatedEvent(seen.line, "gone"));
  }

  /** False: too many are followed already. `known` holds for a run that was never followed. */
  #follow(line: RunSummary, known: Known): boolean {
    const { runId } = line;
    let followed = 0;
    for (const { tests } of this.#seen.values()) if (tests !== undefined) followed += 1;
    if (followed >= MOST_FOLLOWED) return false;
    const past = this.#seen.get(runId)?.past ?? { told: new ToldResults(), known, hasEnded: false };
    const tests = new FollowedTests({
      ...past,
      runId,
      open: () => this.#catalog.open(runId, "tail"),
      clock: this.#clock,
      tell: (event) => {
        this.#tell(event);
        const now = this.#seen.get(runId);
        if (event.event === "run_completed" && now !== undefined && isTerminal(now.line.status))
          this.#unfollow(runId);
      },
      lost: (error) => this.#lost(runId, error),
    });
    this.#seen.set(runId, { line, tests, past });
    return true;
  }

  #unfollow(runId: string): void {
    const seen = this.#seen.get(runId);
    if (seen?.tests === undefined) return;
    const { line, past, tests } = seen;
    tests.close();
    const now: Past | undefined = past && {
      told: past.told,
      known: tests.hasCaughtUp ? { kind: "nothing" } : past.known,
      hasEnded: tests.hasEnded,
    };
    this.#seen.set(runId, { line, tests: undefined, past: now });
  }

  /** Its counts are told instead; when they change it is tried again. */
  #lost(runId: string, error: unknown): void {
    this.#unfollow(runId);
    const line = this.#seen.get(runId)?.line;
    if (error !== undefined) this.#onError(error);
    if (line !== undefined && (error !== undefined || isTerminal(line.status))) this.#tell(told(line));
  }

  #tellCounts(before: RunSummary, line: RunSummary): void {
    if (before.status !== line.status || !isSameTally(before.tally, line.tally)) this.#tell(told(line));
  }

  #tell(event: FeedEvent): void {
    this.ring.push(frameOf(event));
    this.#onEvent();
  }
}

function isEvaluation({ tally }: RunSummary): boolean {
  return tally !== undefined;
}

function isInFlight({ status }: RunSummary): boolean {
  return !isTerminal(status) && status !== "stalled" && status !== "unknown";
}

function endOf({ finishedAt, updatedAt }: RunSummary): number {
  return Date.parse(finishedAt ?? updatedAt);
}

function told(line: RunSummary): FeedEvent {
  return updatedEvent(line, line.status);
}

function endedEvent(line: RunSummary): FeedEvent {
  const { runId, status, tally } = line;
  return tally !== undefined && isTerminal(status) ? completedEvent(runId, status, tally) : told(line);
}
