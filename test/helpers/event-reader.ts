import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { TestContext } from "node:test";
import * as v from "valibot";
import { FeedEvent, RunEvent } from "../../src/protocol/event-messages.ts";

const PATIENCE_MS = 10_000;
const END_CHARS = 16 * 1024;

export interface Frame {
  readonly id: string | undefined;
  readonly event: string | undefined;
  /** Undefined: the frame only names a place. */
  readonly data: string | undefined;
}

/** Reads an event stream as it comes over the wire, without any of an EventSource's own ways. */
export class EventReader {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly answer: IncomingMessage;
  text = "";
  hasEnded = false;
  readonly #asked: ClientRequest;
  /** A stream may be long, and what came last is asked often. */
  #end = "";
  #wake: () => void = () => undefined;

  private constructor(asked: ClientRequest, answer: IncomingMessage) {
    this.#asked = asked;
    this.answer = answer;
    this.status = answer.statusCode ?? 0;
    this.headers = answer.headers;
    answer.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      this.#end = (this.#end + text).slice(-END_CHARS);
      this.#wake();
    });
    answer.on("close", () => {
      this.hasEnded = true;
      this.#wake();
    });
    answer.on("error", () => undefined);
  }

  static open(
    t: TestContext,
    url: string,
    options: { headers?: Record<string, string>; method?: string } = {},
  ): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { agent: false, ...options });
      t.after(() => asked.destroy());
      asked.on("response", (answer) => resolve(new EventReader(asked, answer)));
      asked.on("error", reject);
      asked.end();
    });
  }

  /** Reads to the end of the stream. */
  static async all(t: TestContext, url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const reader = await EventReader.open(t, url, { headers });
    await reader.ended();
    return reader;
  }

  get frames(): Frame[] {
    const blocks = this.text.split("\n\n").slice(0, -1);
    return blocks.flatMap((block) => {
      const fields = new Map(
        block.split("\n").map((line): [string, string] => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
      );
      const frame = { id: fields.get("id"), event: fields.get("event"), data: fields.get("data") };
      return frame.id === undefined && frame.data === undefined ? [] : [frame];
    });
  }

  /** Every one checked by its schema. */
  get runEvents(): RunEvent[] {
    return this.frames.map(({ data }) => v.parse(RunEvent, JSON.parse(data ?? "")));
  }

  get feedEvents(): FeedEvent[] {
    return this.frames.flatMap(({ data, event }) =>
      data === undefined ? [] : [v.parse(FeedEvent, { event, data: JSON.parse(data) })],
    );
  }

  get lastId(): string {
    const from = this.#end.lastIndexOf("\nid: ", this.#end.lastIndexOf("\n\n") - 1);
    return from === -1 ? "" : (/^id: (.*)$/m.exec(this.#end.slice(from + 1))?.[1] ?? "");
  }

  ended(): Promise<void> {
    return this.until("the end of the stream", () => this.hasEnded);
  }

  async until(what: string, fits: () => boolean, patienceMs: number = PATIENCE_MS): Promise<void> {
    while (!fits()) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`waited in vain: ${what}\n${this.text}`)),
          patienceMs,
        );
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.#asked.destroy();
  }
}
