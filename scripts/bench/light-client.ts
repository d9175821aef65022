import { WebSocket } from "ws";
import { frameHeaderBytes } from "../live-client.ts";
import type { TargetName } from "./servers.ts";
import { agesIn } from "./mark.ts";

/** What stands before the state or the ops of a message. */
const HEAD_BYTES = 400;

export interface LightCounts {
  messages: number;
  bytes: number;
  gaps: number;
}

/**
 * A client of which a thousand fit into a few processes: it holds no state. It
 * looks at the head of each message, so that it sees every gap in the versions
 * and asks for a resync, and at the marks in a patch.
 */
export class LightClient {
  readonly counts: LightCounts = { messages: 0, bytes: 0, gaps: 0 };
  readonly ages: number[] = [];
  readonly #socket: WebSocket;
  readonly #runId: string;
  readonly #target: TargetName;
  #version: number | undefined;
  #onReady: () => void = () => undefined;

  private constructor(url: string, target: TargetName, runId: string) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1024 ** 3 });
    this.#socket.binaryType = "nodebuffer";
    this.#target = target;
    this.#runId = runId;
    this.#socket.on("message", (data) => {
      if (Buffer.isBuffer(data)) this.#receive(data);
    });
  }

  /** Resolves with the first snapshot; of the floor, which has none, with the connection. */
  static async connect(url: string, target: TargetName, runId: string): Promise<LightClient> {
    const client = new LightClient(url, target, runId);
    await new Promise<void>((resolve, reject) => {
      client.#socket.once("error", reject);
      client.#socket.once("close", () => reject(new Error("The server closed the connection.")));
      client.#onReady = resolve;
      client.#socket.once("open", () => client.#begin());
    });
    return client;
  }

  close(): void {
    this.#socket.terminate();
  }

  #begin(): void {
    if (this.#target === "floor") return this.#onReady();
    const protocol = this.#target === "naive" ? "acpx.replay.v1" : this.#target;
    this.#send({ type: "hello", protocol });
    this.#send({ type: "subscribe_run", runId: this.#runId });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #receive(data: Buffer): void {
    this.counts.messages += 1;
    this.counts.bytes += data.length + frameHeaderBytes(data.length);
    if (this.#target === "floor") return this.#see(data);
    const head = data.toString("latin1", 0, HEAD_BYTES);
    if (head.includes('"run_snapshot"')) {
      this.#version = Number(/"version":(\d+)/.exec(head)?.[1]);
      this.#onReady();
      return;
    }
    const patch = /"from(?:Version)?":(\d+),"to(?:Version)?":(\d+)/.exec(head);
    if (patch === null) return;
    if (Number(patch[1]) === this.#version) {
      this.#version = Number(patch[2]);
      this.#see(data);
    } else {
      this.counts.gaps += 1;
      this.#send({ type: "resync_run", runId: this.#runId });
    }
  }

  #see(data: Buffer): void {
    for (const age of agesIn(data.toString("latin1"))) this.ages.push(age);
  }
}
