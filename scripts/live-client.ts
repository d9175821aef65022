import { WebSocket } from "ws";
import * as v from "valibot";
import { reviveRun, type RunsState, type RunState } from "../src/protocol/bundle.ts";
import { Log } from "../src/protocol/log.ts";
import { type ClientMessage, ServerMessage, type SnapshotReason } from "../src/protocol/messages.ts";
import type { LiveProtocol } from "../src/protocol/version.ts";
import { decodeOps } from "../src/protocol/wire-ops.ts";
import { messageText } from "../src/live/message-text.ts";
import { advance, type TopicCopy, type VersionedPatch } from "./topic-copy.ts";

/** A version of a topic, as a client names the one it holds. */
type Place = Pick<TopicCopy<unknown>, "epoch" | "version">;

/** What a client holds. It outlives the connection, and another client can go on from it. */
export interface Holding {
  readonly runs: TopicCopy<RunsState> | undefined;
  readonly runCopies: ReadonlyMap<string, TopicCopy<RunState>>;
}

export interface ConnectOptions {
  readonly protocol?: LiveProtocol;
  /** Ask for a snapshot after a gap, and go on. */
  readonly resync?: boolean;
  /** What an earlier client held: its places are given when its topics are subscribed to. */
  readonly resume?: Holding;
}

/** What came in, after it has been applied. */
export interface Received {
  readonly message: ServerMessage;
  /** The run it is about, if it is about one. */
  readonly runId: string | undefined;
  /** The message as it was on the wire, without the frame around it. */
  readonly text: string;
  readonly bytes: number;
}

/**
 * A client of /api/live that trusts nothing: every message passes the schema,
 * every patch has to start at the version held and reach a later one.
 *
 * What always holds: a copy is changed by whole patches only. After a gap or a
 * failed op the copy stays as it was and `problem` says what went wrong; with
 * `resync`, a snapshot is asked for instead and the client goes on.
 */
export class LiveClient implements Holding {
  runs: TopicCopy<RunsState> | undefined;
  readonly runCopies: Map<string, TopicCopy<RunState>>;
  /** `resyncs` are the snapshots that took the place of a copy held, `resumed` the copies that still fitted. */
  readonly counts = { messages: 0, bytes: 0, patches: 0, resyncs: 0, resumed: 0, gaps: 0 };
  /** How many snapshots gave which reason. */
  readonly reasons: Partial<Record<SnapshotReason, number>> = {};
  /** The first thing that went wrong, as a sentence. */
  problem: string | undefined;
  readonly #socket: WebSocket;
  readonly #protocol: LiveProtocol;
  readonly #resync: boolean;
  /** The runs by the numbers that their patches carry. */
  readonly #runIdByTopic = new Map<number, string>();
  readonly #listeners = new Set<(received: Received) => void>();
  readonly #waiters = new Set<() => void>();
  #ready = false;
  #closing = false;

  private constructor(socket: WebSocket, options: ConnectOptions) {
    this.#socket = socket;
    this.#protocol = options.protocol ?? "runreel.live.v1";
    this.#resync = options.resync ?? false;
    this.runs = options.resume?.runs;
    this.runCopies = new Map(options.resume?.runCopies);
    socket.on("message", (data) => this.#receive(messageText(data)));
    socket.on("error", (error) => this.#fail(`The connection failed: ${error.message}`));
    socket.on("close", (code) => {
      if (!this.#closing) this.#fail(`The server closed the connection (code ${code}).`);
      this.#wake();
    });
  }

  /** Resolves after the server's `ready`, with `hello` sent. */
  static async connect(url: string, options: ConnectOptions = {}): Promise<LiveClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1024 ** 3 });
    const client = new LiveClient(socket, options);
    try {
      await client.waitFor(() => client.#ready, 10_000, "the server's ready");
    } catch (error) {
      socket.terminate();
      throw error;
    }
    client.#send({ type: "hello", protocol: client.#protocol });
    return client;
  }

  run(runId: string): TopicCopy<RunState> | undefined {
    return this.runCopies.get(runId);
  }

  subscribeRuns(place: Place | undefined = this.runs): void {
    this.#send({ type: "subscribe_runs", ...this.#known(place) });
  }

  /** With the place that is held, unless another is given. */
  subscribeRun(runId: string, place: Place | undefined = this.runCopies.get(runId)): void {
    this.#send({ type: "subscribe_run", runId, ...this.#known(place) });
  }

  unsubscribeRun(runId: string): void {
    this.runCopies.delete(runId);
    this.#send({ type: "unsubscribe_run", runId });
  }

  /** Asks for a whole run again, as after a gap. */
  resyncRun(runId: string): void {
    this.#send({ type: "resync_run", runId });
  }

  /** Gives each message once it has been applied; call the result to stop. */
  onMessage(listener: (received: Received) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves as soon as `predicate` holds; rejects when something goes wrong first, or time is up. */
  async waitFor(predicate: () => boolean, timeoutMs: number, what = "what was waited for"): Promise<void> {
    if (predicate()) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        finish();
      };
      const check = () => {
        if (predicate()) settle(resolve);
        else if (this.problem !== undefined) settle(() => reject(new Error(this.problem)));
        else if (this.#closing) settle(() => reject(new Error(`The client was closed before ${what}.`)));
      };
      const late = () => reject(new Error(`Nothing after ${timeoutMs} ms: ${what}.`));
      const timer = setTimeout(() => settle(late), timeoutMs);
      this.#waiters.add(check);
      check();
    });
  }

  /** Stops reading: what the server sends stays on the way. */
  pause(): void {
    this.#socket.pause();
  }

  unpause(): void {
    this.#socket.resume();
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.close();
    await closed;
  }

  /** Ends the connection without a word, as a lost network does. */
  async drop(): Promise<void> {
    this.#socket.terminate();
    await this.close();
  }

  /** A place, where the protocol has places. */
  #known(place: Place | undefined): Partial<Place> {
    if (place === undefined || this.#protocol === "acpx.replay.v1") return {};
    return { epoch: place.epoch, version: place.version };
  }

  #send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  #receive(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.counts.messages += 1;
    this.counts.bytes += bytes + frameHeaderBytes(bytes);
    const parsed = v.safeParse(ServerMessage, parseJson(text));
    if (parsed.success) {
      const message = parsed.output;
      this.#take(message);
      const runId = this.#runIdOf(message);
      for (const listener of this.#listeners) listener({ message, runId, text, bytes });
    } else {
      this.#fail(`The server sent something that is no message of the protocol: ${text.slice(0, 120)}`);
    }
    this.#wake();
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        return;
      case "pong":
        return;
      case "error":
        this.#fail(`The server reported ${message.code}: ${message.message}`);
        return;
      case "runs_snapshot":
        this.#countSnapshot(message.reason, this.runs !== undefined);
        this.runs = message;
        return;
      case "runs_resumed":
        return this.#resumed("the list of runs", this.runs, message);
      case "runs_patch": {
        const { epoch, fromVersion: from, toVersion: to, ops } = message;
        return this.#attempt({ type: "resync_runs" }, () => {
          const joined = this.#protocol !== "acpx.replay.v1";
          this.runs = advance("the list of runs", this.runs, { epoch, from, to, ops }, { joined });
        });
      }
      case "run_snapshot": {
        const { runId, topic, epoch, version } = message;
        const state = reviveRun([], message.state);
        if (!isRunState(state)) return this.#fail(`The snapshot of ${runId} is not the state of a run.`);
        if (topic !== undefined) this.#runIdByTopic.set(topic, runId);
        this.#countSnapshot(message.reason, this.runCopies.has(runId));
        this.runCopies.set(runId, { epoch, version, state });
        return;
      }
      case "run_resumed":
        this.#runIdByTopic.set(message.topic, message.runId);
        return this.#resumed(message.runId, this.runCopies.get(message.runId), message);
      case "patch": {
        const runId = this.#runIdByTopic.get(message.topic);
        if (runId === undefined) {
          return this.#fail(`A patch is for topic ${message.topic}, but no run was given that number.`);
        }
        return this.#patchRun(runId, { ...message, ops: decodeOps(message.ops) }, "runreel.live.v1");
      }
      case "run_patch": {
        const { runId, epoch, fromVersion: from, toVersion: to, ops } = message;
        return this.#patchRun(runId, { epoch, from, to, ops }, "acpx.replay.v1");
      }
    }
  }

  #patchRun(runId: string, patch: VersionedPatch, protocol: LiveProtocol): void {
    if (protocol !== this.#protocol) return this.#fail(`A patch of ${runId} came in ${protocol}.`);
    this.#attempt({ type: "resync_run", runId }, () => {
      const rules = { joined: protocol !== "acpx.replay.v1", revive: reviveRun };
      this.runCopies.set(runId, advance(runId, this.runCopies.get(runId), patch, rules));
    });
  }

  #countSnapshot(reason: SnapshotReason | undefined, isHeld: boolean): void {
    if (isHeld) this.counts.resyncs += 1;
    if (reason !== undefined) this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
  }

  /** The server says that the place given still fits: it must be the one that is held. */
  #resumed(name: string, held: Place | undefined, place: Place): void {
    if (held?.epoch === place.epoch && held.version === place.version) {
      this.counts.resumed += 1;
    } else {
      const said = `version ${place.version} of epoch ${place.epoch}`;
      this.#fail(`The server goes on with ${name} from ${said}, which is not what was held.`);
    }
  }

  #runIdOf(message: ServerMessage): string | undefined {
    if (message.type === "patch") return this.#runIdByTopic.get(message.topic);
    return "runId" in message ? message.runId : undefined;
  }

  /** A patch that does not fit is a gap: the end, or with `resync` a question for a snapshot. */
  #attempt(resync: ClientMessage, apply: () => void): void {
    try {
      apply();
      this.counts.patches += 1;
    } catch (error) {
      this.counts.gaps += 1;
      if (this.#resync) this.#send(resync);
      else this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(sentence: string): void {
    this.problem ??= sentence;
    this.#wake();
  }

  #wake(): void {
    for (const check of this.#waiters) check();
  }
}

/** Enough of a look to read a run's counts without a surprise. */
function isRunState(value: unknown): value is RunState {
  if (typeof value !== "object" || value === null) return false;
  if (!("steps" in value && "trace" in value && "sessions" in value)) return false;
  if (!("run" in value && "problems" in value)) return false;
  const { steps, trace, sessions } = value;
  return steps instanceof Log && trace instanceof Log && typeof sessions === "object" && sessions !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a server's frame adds to its payload (RFC 6455, 5.2). */
export function frameHeaderBytes(payload: number): number {
  if (payload < 126) return 2;
  return payload < 65_536 ? 4 : 10;
}
