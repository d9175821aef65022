import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import type { Reply } from "./ask-server.ts";
import { type Connect, type ConnectionEvents, readMessage } from "./connection.ts";
import type { Place } from "../../src/protocol/place.ts";

/** The list is right within this and an answer's time. */
const EVERY_MS = 1_500;
interface World {
  readonly ask: (address: string) => Promise<Reply>;
  /** Runs `task` after a while; the result cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** Something that is asked for again and again, from the place that is held of it. */
interface Asked {
  place: Place | null;
  /** The page still waits to hear that its place is good. */
  awaitsResume: boolean;
}

interface AskedRun extends Asked {
  readonly runId: string;
  /** What its patches are called on this connection: each server has names of its own. */
  readonly topic: number;
}

/**
 * The live protocol where neither sockets nor streams get through: the list and
 * the open run are asked for what has changed, and the answers are the messages
 * that a socket would have brought.
 */
export function pollingConnect(world: World): Connect {
  return (events) => new Polling(world, events);
}

class Polling {
  readonly #world: World;
  readonly #events: ConnectionEvents;
  #list: Asked | null = null;
  readonly #runs = new Map<string, AskedRun>();
  #topics = 0;
  #isAsking = false;
  #isDue = false;
  #owesPong = false;
  #ended = false;
  #cancel: () => void = () => undefined;

  constructor(world: World, events: ConnectionEvents) {
    this.#world = world;
    this.#events = events;
    void this.#open();
  }

  send(message: ClientMessage): void {
    switch (message.type) {
      case "hello":
        return;
      case "ping":
        this.#owesPong = true;
        break;
      case "subscribe_runs":
        this.#list = asked(message);
        break;
      case "resync_runs":
        this.#list = asked({});
        break;
      case "unsubscribe_runs":
        this.#list = null;
        return;
      case "subscribe_run":
        this.#askRun(message.runId, asked(message));
        break;
      case "resync_run":
        this.#askRun(message.runId, asked({}));
        break;
      case "unsubscribe_run":
        this.#runs.delete(message.runId);
        return;
    }
    this.#poll();
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel();
    this.#events.closed();
  }

  async #open(): Promise<void> {
    const reply = await this.#world.ask("/api/health");
    if (this.#ended) return;
    if (reply.kind !== "message") return this.close();
    this.#events.opened();
  }

  /** Now, or right after what is under way. */
  #poll(): void {
    this.#cancel();
    if (this.#ended) return;
    this.#isDue = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#askAll();
  }

  async #askAll(): Promise<void> {
    while (this.#isDue && !this.#ended) {
      this.#isDue = false;
      const list = this.#list;
      if (list !== null) await this.#askList(list);
      for (const run of this.#runs.values()) await this.#askForRun(run);
      if (this.#owesPong && !this.#ended) {
        this.#owesPong = false;
        this.#events.pong();
      }
    }
    this.#isAsking = false;
    if (!this.#ended) this.#cancel = this.#world.after(EVERY_MS, () => this.#poll());
  }

  #askRun(runId: string, what: Asked): void {
    this.#topics += 1;
    this.#runs.set(runId, { ...what, runId, topic: this.#topics });
  }

  async #askList(list: Asked): Promise<void> {
    const reply = await this.#world.ask(`/api/runs?since=${sinceOf(list)}`);
    if (this.#ended || this.#list !== list) return;
    switch (reply.kind) {
      case "gone":
      case "refused":
      case "failed":
        return this.close();
      case "same":
        return this.#take(list, null, (place) => ({ type: "runs_resumed", ...place }));
      case "message":
        return this.#takeText(list, reply.text, (place) => ({ type: "runs_resumed", ...place }));
    }
  }

  /** What is wrong with one run is said of that run alone. */
  async #askForRun(run: AskedRun): Promise<void> {
    const { runId, topic } = run;
    const reply = await this.#world.ask(`/api/runs/${encodeURIComponent(runId)}?since=${sinceOf(run)}`);
    if (this.#ended || this.#runs.get(runId) !== run) return;
    const resumedAt = (place: Place): ServerMessage => ({ type: "run_resumed", runId, topic, ...place });
    switch (reply.kind) {
      case "gone":
        return this.#refuse(runId, "run_not_found", "There is no such run.");
      case "refused":
      case "failed":
        return this.#refuse(
          runId,
          "internal_error",
          "The run could not be read; the server's output says why.",
        );
      case "same":
        return this.#take(run, null, resumedAt);
      case "message":
        return this.#takeText(run, reply.text, resumedAt, topic);
    }
  }

  #refuse(runId: string, code: "run_not_found" | "internal_error", message: string): void {
    this.#runs.delete(runId);
    this.#events.message({ type: "error", code, message, runId });
  }

  #takeText(what: Asked, text: string, resumedAt: (place: Place) => ServerMessage, topic?: number): void {
    const message = readMessage(text);
    if (message === null) return this.close();
    const isOfRun = message.type === "patch" || message.type === "run_snapshot";
    this.#take(what, isOfRun && topic !== undefined ? { ...message, topic } : message, resumedAt);
  }

  #take(what: Asked, message: ServerMessage | null, resumedAt: (place: Place) => ServerMessage): void {
    const { place } = what;
    // A snapshot says by itself that the place was not good.
    const isResumed = message?.type !== "runs_snapshot" && message?.type !== "run_snapshot";
    if (what.awaitsResume && place !== null && isResumed) this.#events.message(resumedAt(place));
    what.awaitsResume = false;
    if (message === null) return;
    what.place = placeAfter(message) ?? place;
    this.#events.message(message);
  }
}

function sinceOf({ place }: Asked): string {
  return place === null ? "" : encodeURIComponent(`${place.epoch}.${place.version}`);
}

function asked({ epoch, version }: { epoch?: string | undefined; version?: number | undefined }): Asked {
  const place = epoch === undefined || version === undefined ? null : { epoch, version };
  return { place, awaitsResume: place !== null };
}

function placeAfter(message: ServerMessage): Place | null {
  switch (message.type) {
    case "runs_snapshot":
    case "run_snapshot":
      return { epoch: message.epoch, version: message.version };
    case "runs_patch":
      return { epoch: message.epoch, version: message.toVersion };
    case "patch":
      return { epoch: message.epoch, version: message.to };
    default:
      return null;
  }
}
