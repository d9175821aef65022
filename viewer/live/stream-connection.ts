import type { ClientMessage } from "../../src/protocol/messages.ts";
import { type Connect, readMessage } from "./connection.ts";

/**
 * The live protocol over Server-Sent Events: what the server says comes over
 * /api/live/stream, what the page says goes there as requests, one after the
 * other, since their order counts.
 */
export const connectStream: Connect = (events) => {
  const source = new EventSource("/api/live/stream");
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
  source.addEventListener("error", end);
  source.addEventListener("stream", ({ data }: MessageEvent<unknown>) => {
    if (ended || typeof data !== "string") return;
    name = data;
    events.opened();
  });
  source.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = ended ? null : readMessage(data);
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
    });
    return response.ok;
  } catch {
    return false;
  }
}
