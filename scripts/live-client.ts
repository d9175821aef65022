import { WebSocket } from "ws";
import * as v from "valibot";
import { reviveRun, type RunsState, type RunState } from "../src/protocol/bundle.ts";
import { Log } from "../src/protocol/log.ts";
import { type ClientMessage, ServerMessage } from "../src/protocol/messages.ts";
import { messageText } from "../src/live/message-text.ts";
import { advance, type TopicCopy } from "./topic-copy.ts";

/** What came in, after it has been applied. */
export interface Received {
  readonly message: ServerMessage;
  /** The message as it was on the wire, without the frame around it. */
  readonly text: string;
  readonly bytes: number;
}

/**
 * A client of /api/live that trusts nothing: every message passes the schema,
 * every patch has to start at the version held and reach the next one.
 *
 * What always holds: a copy is changed by whole patches only. After a gap or a
 * failed op the copy stays as it was and `problem` says what went wrong; with
 * `resync`, a snapshot is asked for instead and the client goes on.
 */
export class LiveClient {
  runs: TopicCopy<RunsState> | undefined;
  readonly counts = { messages: 0, bytes: 0, patches: 0, resyncs: 0, gaps: 0 };
  /** The first thing that went wrong, as a sentence. */
  problem: string | undefined;
  readonly #socket: WebSocket;
  readonly #resync: boolean;
  readonly #runCopies = new Map<string, TopicCopy<RunState>>();
  readonly #listeners = new Set<(received: Received) => void>();
  readonly #waiters = new Set<() => void>();
  #ready = false;
  #closing = false;

  private constructor(socket: WebSocket, resync: boolean) {
    this.#socket = socket;
    this.#resync = resync;
    socket.on("message", (data) => this.#receive(messageText(data)));
    socket.on("error", (error) => this.#fail(`The connection failed: ${error.message}`));
    socket.on("close", (code) => {
      if (!this.#closing) this.#fail(`The server closed the connection (code ${code}).`);
      this.#wake();
    });
  }

  /** Resolves after the server's `ready`, with `hello` sent. */
  static async connect(url: string, options: { readonly resync?: boolean } = {}): Promise<LiveClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1024 ** 3 });
    const client = new LiveClient(socket, options.resync ?? false);
    try {
      await client.waitFor(() => client.#ready, 10_000, "the server's ready");
    } catch (error) {
      socket.terminate();
      throw error;
    }
    client.#send({ type: "hello", protocol: "runreel.live.v1" });
    return client;
  }

  run(runId: string): TopicCopy<RunState> | undefined {
    return this.#runCopies.get(runId);
  }

  subscribeRuns(): void {
    this.#send({ type: "subscribe_runs" });
  }

  subscribeRun(runId: string): void {
    this.#send({ type: "subscribe_run", runId });
  }

  unsubscribeRun(runId: string): void {
    this.#runCopies.delete(runId);
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

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.close();
    await closed;
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
      this.#take(parsed.output);
      for (const listener of this.#listeners) listener({ message: parsed.output, text, bytes });
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
        if (this.runs !== undefined) this.counts.resyncs += 1;
        this.runs = message;
        return;
      case "runs_patch":
        return this.#attempt({ type: "resync_runs" }, () => {
          this.runs = advance("the list of runs", this.runs, message);
        });
      case "run_snapshot": {
        const state = reviveRun([], message.state);
        if (!isRunState(state))
          return this.#fail(`The snapshot of ${message.runId} is not the state of a run.`);
        if (this.#runCopies.has(message.runId)) this.counts.resyncs += 1;
        this.#runCopies.set(message.runId, { epoch: message.epoch, version: message.version, state });
        return;
      }
      case "run_patch":
        return this.#attempt({ type: "resync_run", runId: message.runId }, () => {
          const next = advance(message.runId, this.#runCopies.get(message.runId), message, reviveRun);
          this.#runCopies.set(message.runId, next);
        });
    }
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
