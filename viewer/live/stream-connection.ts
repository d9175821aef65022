import type { ClientMessage } from "../../src/protocol/messages.ts";
import { type Connect, readMessage } from "./connection.ts";

/** What is not taken within this is not heard. */
const SAID_WITHIN_MS = 4_000;

/**
 * The live protocol over Server-Sent Events: what the server says comes over
 * /api/live/channel, what the page says goes there as requests, one after the
 * other, since their order counts.
 */
export const connectStream: Connect = (events) => {
  const source = new EventSource("/api/live/channel");
  let name: string | null = null;
  let ended = false;
  let sending = Promise.resolve();
  const end = () => {
    if (ended) return;
    ended = true;
    // Left alone it would connect again by itself, to a stream that nobody has subscribed.
    source.close();
    events.closed();
  };
  /** What is said must get through, too: something may let answers pass and nothing else. */
  const greet = async (to: string) => {
    const isHeard = await say(to, { type: "ping" });
    if (ended) return;
    if (!isHeard) return end();
    name = to;
    events.opened();
  };
  source.addEventListener("error", end);
  source.addEventListener("stream", ({ data }: MessageEvent<unknown>) => {
    if (ended || typeof data !== "string") return;
    void greet(data);
  });
  source.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = ended || name === null ? null : readMessage(data);
    if (message === null) return;
    if (message.type === "pong") events.pong();
    else events.message(message);
  });
  return {
    send(message) {
      const to = name;
      if (to === null) return;
      const before = sending;
      sending = (async () => {
        await before;
        if (!ended && !(await say(to, message))) end();
      })();
    },
    close: end,
  };
};

async function say(name: string, message: ClientMessage): Promise<boolean> {
  try {
    const response = await fetch(`/api/live/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(SAID_WITHIN_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
