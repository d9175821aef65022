import * as v from "valibot";
import type { Clock } from "../clock.ts";
import { ClientMessage } from "../protocol/messages.ts";
import type { Place } from "../protocol/place.ts";
import { LIVE_PROTOCOLS, type LiveProtocol } from "../protocol/version.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import type { RunList } from "../store/run-list.ts";
import { type Following, Subscriber, type Transport } from "./subscriber.ts";

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
    const client: Client = {
      subscriber,
      protocol: LIVE_PROTOCOLS[0],
      list: new ListReader(subscriber, this.#catalog.list),
      readers: new RunReaders(subscriber, this.#catalog, this.#onError),
    };
    subscriber.tell({ type: "ready", protocol: client.protocol });
    return {
      receive: (text) => this.#receive(client, text),
      left: () => {
        subscriber.close();
        client.list.leave();
        client.readers.close();
      },
    };
  }

  #receive(client: Client, text: string): void {
    const { list, readers, subscriber } = client;
    const message = readMessage(text);
    if (message === undefined) {
      subscriber.refuse(
        "protocol_error",
        "The message is not one of the live protocol (see docs/protocol.md).",
      );
      return;
    }
    switch (message.type) {
      case "hello": {
        const spoken = LIVE_PROTOCOLS.find((name) => name === message.protocol);
        if (spoken !== undefined) client.protocol = spoken;
        else subscriber.refuse("protocol_error", `This server speaks ${LIVE_PROTOCOLS.join(" and ")}.`);
        return;
      }
      case "ping":
        subscriber.tell({ type: "pong" });
        return;
      case "subscribe_runs":
        list.want(client.protocol, placeOf(message));
        return;
      case "resync_runs":
        if (subscriber.reads(RUNS)) subscriber.resync(RUNS);
        else list.want(client.protocol, undefined);
        return;
      case "unsubscribe_runs":
        list.leave();
        return;
      case "subscribe_run":
        readers.want(message.runId, client.protocol, placeOf(message));
        return;
      case "resync_run":
        readers.want(message.runId, client.protocol, undefined);
        return;
      case "unsubscribe_run":
        readers.leave(message.runId);
        return;
    }
  }
}

interface Client {
  readonly subscriber: Subscriber;
  readonly list: ListReader;
  readonly readers: RunReaders;
  /** The one it named last; its later subscriptions are in it. */
  protocol: LiveProtocol;
}

function placeOf({
  epoch,
  version,
}: {
  epoch?: string | undefined;
  version?: number | undefined;
}): Place | undefined {
  return epoch === undefined || version === undefined ? undefined : { epoch, version };
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
  readonly #subscriber: Subscriber;
  readonly #list: RunList;
  #release: () => void = () => undefined;

  constructor(subscriber: Subscriber, list: RunList) {
    this.#subscriber = subscriber;
    this.#list = list;
  }

  want(protocol: LiveProtocol, place: Place | undefined): void {
    const before = this.#release;
    const following: Following = {
      place,
      resumed: ({ epoch, version }) => ({ type: "runs_resumed", epoch, version }),
      ended: () => undefined,
    };
    if (protocol === "runreel.live.v1") {
      this.#release = () => undefined;
      this.#subscriber.follow(RUNS, this.#list.head, following);
    } else {
      const whole = this.#list.openWhole();
      this.#release = whole.release;
      this.#subscriber.follow(RUNS, whole.topic, following);
    }
    before();
  }

  leave(): void {
    this.#subscriber.leave(RUNS);
    this.#release();
    this.#release = () => undefined;
  }
}

type Extent = (typeof EXTENTS)[LiveProtocol];

/** What was asked for last, while a run is being opened; undefined: it is no longer wanted. */
interface Opening {
  readonly kind: "opening";
  wish: Wish | undefined;
}

interface Open {
  readonly kind: "open";
  readonly extent: Extent;
  readonly release: () => void;
}

interface Wish {
  readonly protocol: LiveProtocol;
  readonly place: Place | undefined;
}

type Reading = Opening | Open;

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

  /** Asking for a run that is read already is asking for a snapshot. */
  want(runId: string, protocol: LiveProtocol, place: Place | undefined): void {
    const reading = this.#byId.get(runId);
    if (reading?.kind === "open" && reading.extent === EXTENTS[protocol]) {
      return this.#subscriber.resync(runKey(runId));
    }
    // In another protocol it is another topic.
    if (reading?.kind === "open") this.leave(runId);
    if (reading?.kind === "opening") {
      reading.wish = { protocol, place };
    } else if (this.#byId.size < MAX_RUNS) {
      void this.#open(runId, { protocol, place });
    } else {
      this.#subscriber.refuse("protocol_error", `One connection may read ${MAX_RUNS} runs at a time.`, runId);
    }
  }

  leave(runId: string): void {
    const reading = this.#byId.get(runId);
    if (reading?.kind === "opening") reading.wish = undefined;
    if (reading?.kind !== "open") return;
    this.#byId.delete(runId);
    this.#subscriber.leave(runKey(runId));
    reading.release();
  }

  close(): void {
    for (const runId of this.#byId.keys()) this.leave(runId);
  }

  async #open(runId: string, first: Wish): Promise<void> {
    const opening: Opening = { kind: "opening", wish: first };
    this.#byId.set(runId, opening);
    try {
      const extent = EXTENTS[first.protocol];
      const run = await this.#catalog.open(runId, extent);
      if (run === undefined) return this.#fail(runId, "run_not_found", "There is no such run.");
      const { wish } = opening;
      if (wish === undefined || this.#subscriber.isClosed) {
        this.#byId.delete(runId);
        return run.release();
      }
      if (EXTENTS[wish.protocol] !== extent) {
        run.release();
        return this.#open(runId, wish);
      }
      this.#byId.set(runId, { kind: "open", extent, release: run.release });
      this.#subscriber.follow(runKey(runId), run.topic, {
        place: wish.place,
        resumed: (at) => ({ type: "run_resumed", runId, topic: run.number, ...at }),
        ended: (why) => {
          this.leave(runId);
          if (why === "closed") this.#subscriber.refuse("run_not_found", "The run's folder is gone.", runId);
          else this.#subscriber.refuse("internal_error", "The run is too large to be sent whole.", runId);
        },
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

/** How much of a run each protocol's clients are sent. */
const EXTENTS = { "acpx.replay.v1": "whole", "runreel.live.v1": "tail" } as const;

function runKey(runId: string): string {
  return `run:${runId}`;
}
