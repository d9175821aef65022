import * as v from "valibot";
import type { Clock } from "../clock.ts";
import { ClientMessage } from "../protocol/messages.ts";
import { LIVE_PROTOCOLS } from "../protocol/version.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import type { RunList } from "../store/run-list.ts";
import { Subscriber, type Transport } from "./subscriber.ts";

/** Runs one connection may read at a time. */
const MAX_RUNS = 64;
const RUNS = "runs";

/** What a transport hands over to and tells when its client leaves. */
export interface Session {
  receive(text: string): void;
  left(): void;
}

/** Where topics meet clients: answers their messages, whatever transport they came by. */
export class Hub {
  readonly #catalog: RunCatalog;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;

  constructor(catalog: RunCatalog, clock: Clock, onError: (error: unknown) => void) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#onError = onError;
  }

  connect(transport: Transport): Session {
    const subscriber = new Subscriber(transport, this.#clock);
    const readers = new RunReaders(subscriber, this.#catalog, this.#onError);
    const list = new ListReader(subscriber, this.#catalog.list);
    subscriber.tell({ type: "ready", protocol: LIVE_PROTOCOLS[0] });
    return {
      receive: (text) => this.#receive(subscriber, readers, list, text),
      left: () => {
        subscriber.close();
        list.leave();
        readers.close();
      },
    };
  }

  #receive(subscriber: Subscriber, readers: RunReaders, list: ListReader, text: string): void {
    const message = readMessage(text);
    if (message === undefined) {
      subscriber.refuse(
        "protocol_error",
        "The message is not one of the live protocol (see docs/protocol.md).",
      );
      return;
    }
    switch (message.type) {
      case "hello":
        if (!LIVE_PROTOCOLS.some((name) => name === message.protocol)) {
          const known = LIVE_PROTOCOLS.join(" and ");
          subscriber.refuse("protocol_error", `This server speaks ${known}.`);
        } else {
          list.protocol = message.protocol;
        }
        return;
      case "ping":
        subscriber.tell({ type: "pong" });
        return;
      case "subscribe_runs":
        list.want();
        return;
      case "resync_runs":
        if (subscriber.reads(RUNS)) subscriber.resync(RUNS);
        else list.want();
        return;
      case "unsubscribe_runs":
        list.leave();
        return;
      case "subscribe_run":
      case "resync_run":
        readers.want(message.runId);
        return;
      case "unsubscribe_run":
        readers.leave(message.runId);
        return;
    }
  }
}

function readMessage(text: string): ClientMessage | undefined {
  try {
    const parsed = v.safeParse(ClientMessage, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The list one client reads: its head, or the whole of it for clients that know nothing else. */
class ListReader {
  protocol: string = LIVE_PROTOCOLS[0];
  readonly #subscriber: Subscriber;
  readonly #list: RunList;
  #release: () => void = () => undefined;

  constructor(subscriber: Subscriber, list: RunList) {
    this.#subscriber = subscriber;
    this.#list = list;
  }

  want(): void {
    const before = this.#release;
    if (this.protocol === "runreel.live.v1") {
      this.#release = () => undefined;
      this.#subscriber.follow(RUNS, this.#list.head, () => undefined);
    } else {
      const whole = this.#list.openWhole();
      this.#release = whole.release;
      this.#subscriber.follow(RUNS, whole.topic, () => undefined);
    }
    before();
  }

  leave(): void {
    this.#subscriber.leave(RUNS);
    this.#release();
    this.#release = () => undefined;
  }
}

type Reading = { kind: "opening"; stillWanted: boolean } | { kind: "open"; release: () => void };

/** The runs one client reads. Opening one takes a while, in which the client may have left it again. */
class RunReaders {
  readonly #subscriber: Subscriber;
  readonly #catalog: RunCatalog;
  readonly #onError: (error: unknown) => void;
  readonly #byId = new Map<string, Reading>();

  constructor(subscriber: Subscriber, catalog: RunCatalog, onError: (error: unknown) => void) {
    this.#subscriber = subscriber;
    this.#catalog = catalog;
    this.#onError = onError;
  }

  want(runId: string): void {
    const reading = this.#byId.get(runId);
    if (reading?.kind === "open") return this.#subscriber.resync(runKey(runId));
    if (reading?.kind === "opening") {
      reading.stillWanted = true;
    } else if (this.#byId.size < MAX_RUNS) {
      void this.#open(runId);
    } else {
      this.#subscriber.refuse("protocol_error", `One connection may read ${MAX_RUNS} runs at a time.`, runId);
    }
  }

  leave(runId: string): void {
    const reading = this.#byId.get(runId);
    if (reading?.kind === "opening") reading.stillWanted = false;
    if (reading?.kind !== "open") return;
    this.#byId.delete(runId);
    this.#subscriber.leave(runKey(runId));
    reading.release();
  }

  close(): void {
    for (const runId of this.#byId.keys()) this.leave(runId);
  }

  async #open(runId: string): Promise<void> {
    const opening: Reading = { kind: "opening", stillWanted: true };
    this.#byId.set(runId, opening);
    try {
      const run = await this.#catalog.open(runId);
      if (run === undefined) return this.#fail(runId, "run_not_found", "There is no such run.");
      this.#byId.set(runId, { kind: "open", release: run.release });
      if (!opening.stillWanted || this.#subscriber.isClosed) return this.leave(runId);
      this.#subscriber.follow(runKey(runId), run.topic, (why) => {
        this.leave(runId);
        if (why === "closed") this.#subscriber.refuse("run_not_found", "The run's folder is gone.", runId);
        else this.#subscriber.refuse("internal_error", "The run is too large to be sent whole.", runId);
      });
    } catch (error) {
      this.#onError(error);
      this.#fail(runId, "internal_error", "The run could not be read; the server's output says why.");
    }
  }

  #fail(runId: string, code: "run_not_found" | "internal_error", message: string): void {
    this.#byId.delete(runId);
    this.#subscriber.refuse(code, message, runId);
  }
}

function runKey(runId: string): string {
  return `run:${runId}`;
}
