import type { Clock } from "../clock.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import type { FeedEvent } from "../protocol/event-messages.ts";
import { isTerminal, type RunStatus } from "../protocol/status.ts";
import { isSameTally } from "../protocol/tally.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import { EventRing, frameOf } from "./event-ring.ts";
import { FollowedTests, type Known } from "./followed-tests.ts";

/** Evaluations in flight whose single results are told; of more, the list's counts are. */
const MOST_FOLLOWED = 32;

/** What is asked of the catalog. */
export type Runs = Pick<RunCatalog, "find" | "list" | "open">;

/** A run as far as the feed has told of it. */
interface Seen {
  readonly line: RunSummary;
  readonly tests: FollowedTests | undefined;
  /** Lines of its trace that were told when it was followed last. */
  readonly told: number | undefined;
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
      this.#seen.set(line.runId, { line, tests: undefined, told: undefined });
      if (isEvaluation(line) && isInFlight(line)) this.#follow(line, { kind: "all" });
    }
    this.#stopListening = catalog.list.head.onChange(() => this.#look());
  }

  /** The frames that say how every run in flight stands, as of the ring's newest event. */
  present(): string {
    let text = "";
    for (const { line, tests } of this.#seen.values()) {
      if (!isInFlight(line)) continue;
      const event = isEvaluation(line) && tests !== undefined ? tests.present : updated(line, line.status);
      if (event !== undefined) text += frameOf(event);
    }
    return text;
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
    this.#seen.set(line.runId, { line, tests: undefined, told: undefined });
    // An old run that was only found now is no news; one that was over before it was found is.
    const isNew = isInFlight(line) || Date.parse(line.finishedAt ?? line.updatedAt) >= this.#startedAt;
    if (!isNew) return;
    if (isEvaluation(line)) this.#follow(line, { kind: "lines", count: 0 });
    else this.#tell(updated(line, line.status));
  }

  #changed(seen: Seen, line: RunSummary): void {
    this.#seen.set(line.runId, { ...seen, line });
    if (!isEvaluation(line)) {
      const { currentNode, status } = seen.line;
      if (line.status !== status || line.currentNode !== currentNode) this.#tell(updated(line, line.status));
      return;
    }
    if (isInFlight(line)) {
      if (seen.tests !== undefined) return;
      if (!this.#follow(line, knownOf(seen))) this.#tellCounts(seen.line, line);
    } else if (isTerminal(line.status)) {
      // Who follows the run tells its end after its last result.
      if (seen.tests?.hasEnded === true) this.#unfollow(line.runId);
      else if (seen.tests === undefined && !isTerminal(seen.line.status))
        this.#tell(updated(line, line.status));
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
    if (line === undefined && !isTerminal(seen.line.status)) this.#tell(updated(seen.line, "gone"));
  }

  /** False: too many are followed already. */
  #follow(line: RunSummary, known: Known): boolean {
    const { runId } = line;
    let followed = 0;
    for (const { tests } of this.#seen.values()) if (tests !== undefined) followed += 1;
    if (followed >= MOST_FOLLOWED) return false;
    const tests = new FollowedTests({
      runId,
      open: () => this.#catalog.open(runId, "tail"),
      known,
      clock: this.#clock,
      tell: (event) => {
        this.#tell(event);
        const now = this.#seen.get(runId);
        if (event.event === "run_completed" && now !== undefined && isTerminal(now.line.status))
          this.#unfollow(runId);
      },
      onError: this.#onError,
    });
    this.#seen.set(runId, { line, tests, told: undefined });
    return true;
  }

  #unfollow(runId: string): void {
    const seen = this.#seen.get(runId);
    if (seen?.tests === undefined) return;
    seen.tests.close();
    this.#seen.set(runId, { line: seen.line, tests: undefined, told: seen.tests.told });
  }

  #tellCounts(before: RunSummary, line: RunSummary): void {
    if (before.status !== line.status || !isSameTally(before.tally, line.tally))
      this.#tell(updated(line, line.status));
  }

  #tell(event: FeedEvent): void {
    this.ring.push(event);
    this.#onEvent();
  }
}

/** What of a run that goes on again is no news: what was told, or what its line knew of. */
function knownOf({ line, told }: Seen): Known {
  return told === undefined
    ? { kind: "until", at: Date.parse(line.updatedAt) }
    : { kind: "lines", count: told };
}

function isEvaluation({ tally }: RunSummary): boolean {
  return tally !== undefined;
}

function isInFlight({ status }: RunSummary): boolean {
  return !isTerminal(status) && status !== "stalled" && status !== "unknown";
}

function updated(line: RunSummary, status: RunStatus | "gone"): FeedEvent {
  const { currentNode, flowName, runId, runTitle, source, tally } = line;
  return {
    event: "run_updated",
    data: {
      run_id: runId,
      source,
      flow: flowName,
      ...(runTitle === undefined ? {} : { title: runTitle }),
      status,
      ...(currentNode === undefined ? {} : { current_step: currentNode }),
      ...(tally === undefined ? {} : countsOf(tally)),
    },
  };
}

function countsOf({ done, errors, failed, passed, total }: NonNullable<RunSummary["tally"]>) {
  return { total, done, passed, failed, errors };
}
