import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { type Connect, type ConnectionEvents, readMessage } from "./connection.ts";
import type { Place } from "../../src/protocol/place.ts";

/** The list is right within this and an answer's time. */
const EVERY_MS = 1_500;
/** The page's own name for the one run it asks for: answers name it as each server does. */
const TOPIC = 0;

interface World {
  readonly ask: (address: string) => Promise<Reply>;
  /** Runs `task` after a while; the result cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
}

export type Reply =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "same" }
  | { readonly kind: "gone" }
  | { readonly kind: "failed" };

/** Something that is asked for again and again, from the place that is held of it. */
interface Asked {
  place: Place | null;
  /** The page still waits to hear that its place is good. */
  awaitsResume: boolean;
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
  #run: (Asked & { readonly runId: string }) | null = null;
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
        this.#run = { ...asked(message), runId: message.runId };
        break;
      case "resync_run":
        this.#run = { ...asked({}), runId: message.runId };
        break;
      case "unsubscribe_run":
        if (this.#run?.runId === message.runId) this.#run = null;
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
      if (list !== null) await this.#ask("/api/runs", list, () => this.#list === list, null);
      const run = this.#run;
      if (run !== null) {
        const address = `/api/runs/${encodeURIComponent(run.runId)}`;
        await this.#ask(address, run, () => this.#run === run, run.runId);
      }
      if (this.#owesPong && !this.#ended) {
        this.#owesPong = false;
        this.#events.pong();
      }
    }
    this.#isAsking = false;
    if (!this.#ended) this.#cancel = this.#world.after(EVERY_MS, () => this.#poll());
  }

  /** `runId` is null for the list. */
  async #ask(address: string, what: Asked, isWanted: () => boolean, runId: string | null): Promise<void> {
    const { place } = what;
    const since = place === null ? "" : `${place.epoch}.${place.version}`;
    const reply = await this.#world.ask(`${address}?since=${encodeURIComponent(since)}`);
    if (this.#ended || !isWanted()) return;
    if (reply.kind === "failed" || (reply.kind === "gone" && runId === null)) return this.close();
    if (reply.kind === "gone") {
      this.#run = null;
      const message = "There is no such run.";
      return this.#events.message({ type: "error", code: "run_not_found", message, runId: runId ?? "" });
    }
    const message = reply.kind === "message" ? readMessage(reply.text) : null;
    if (reply.kind === "message" && message === null) return this.close();
    // A snapshot says by itself that the place was not good.
    const isResumed = message?.type !== "runs_snapshot" && message?.type !== "run_snapshot";
    if (what.awaitsResume && place !== null && isResumed) this.#events.message(resumedAt(place, runId));
    what.awaitsResume = false;
    if (message === null) return;
    what.place = placeAfter(message) ?? place;
    this.#events.message(
      message.type === "patch" || message.type === "run_snapshot" ? { ...message, topic: TOPIC } : message,
    );
  }
}

function asked({ epoch, version }: { epoch?: string | undefined; version?: number | undefined }): Asked {
  const place = epoch === undefined || version === undefined ? null : { epoch, version };
  return { place, awaitsResume: place !== null };
}

function resumedAt(place: Place, runId: string | null): ServerMessage {
  if (runId === null) return { type: "runs_resumed", ...place };
  return { type: "run_resumed", runId, topic: TOPIC, ...place };
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

/** Asks the server; an answer that takes too long is none. */
export async function askServer(address: string): Promise<Reply> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(5_000), cache: "no-store" });
    if (response.status === 204) return { kind: "same" };
    if (response.status === 404) return { kind: "gone" };
    return response.ok ? { kind: "message", text: await response.text() } : { kind: "failed" };
  } catch {
    return { kind: "failed" };
  }
}
