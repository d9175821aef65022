import assert from "node:assert/strict";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import * as v from "valibot";
import { ServerMessage } from "../../src/protocol/messages.ts";

/** A socket that says what a test wants it to say, right or wrong, and keeps what it hears. */
export class RawClient {
  readonly heard: ServerMessage[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;
  #wake: () => void = () => undefined;

  constructor(t: TestContext, url: string, options: { headers?: Record<string, string> } = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on("message", (data) => {
      assert.ok(Buffer.isBuffer(data));
      this.heard.push(v.parse(ServerMessage, JSON.parse(data.toString())));
      this.#wake();
    });
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.#wake();
    });
    this.socket.on("error", () => undefined);
    t.after(() => this.socket.terminate());
  }

  /** Resolves with the connection open, or with the status that refused it. */
  async opened(): Promise<"open" | number> {
    if (this.socket.readyState === WebSocket.OPEN) return "open";
    const open = once(this.socket, "open").then(() => "open" as const);
    const refused = once(this.socket, "unexpected-response").then(([, response]: unknown[]) => {
      assert.ok(typeof response === "object" && response !== null && "statusCode" in response);
      return Number(response.statusCode);
    });
    return Promise.race([open, refused]);
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first message heard, past or future, of the type that fits. */
  async hear<Type extends ServerMessage["type"]>(
    type: Type,
    fits: (message: Extract<ServerMessage, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const isIt = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> =>
      message.type === type;
    for (;;) {
      const found = this.heard.filter(isIt).find(fits);
      if (found !== undefined) return found;
      if (this.closeCode !== undefined) throw new Error(`closed (${this.closeCode}) before ${type}`);
      await this.#next(`nothing heard like ${type}`);
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === undefined) await this.#next("not closed");
    return this.closeCode;
  }

  /** All that was said before is answered by now. */
  async settled(): Promise<void> {
    const before = this.heard.filter(({ type }) => type === "pong").length;
    this.say({ type: "ping" });
    while (this.heard.filter(({ type }) => type === "pong").length === before) await this.#next("no pong");
  }

  async #next(complaint: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(complaint)), 5_000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
