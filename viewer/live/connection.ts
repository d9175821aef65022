import * as v from "valibot";
import { type ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";

export type ServerMessageListener = (message: ServerMessage) => void;

/** One socket, from its opening to its end. It is never reused. */
export interface Connection {
  send(message: ClientMessage): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly opened: () => void;
  readonly pong: () => void;
  readonly message: ServerMessageListener;
  /** Called once, whoever ended it. */
  readonly closed: () => void;
}

export type Connect = (events: ConnectionEvents) => Connection;

/**
 * Connects to /api/live of the page's own origin. A message that is not one the
 * protocol names is passed over: a newer server may say more, and a patch lost
 * that way shows in the versions of the next.
 */
export const connect: Connect = (events) => {
  const url = new URL("/api/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    events.closed();
  };
  socket.addEventListener("open", () => events.opened());
  socket.addEventListener("close", end);
  socket.addEventListener("error", end);
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = ended ? null : readMessage(event.data);
    if (message === null) return;
    if (message.type === "pong") events.pong();
    else events.message(message);
  });
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      end();
      socket.close();
    },
  };
};

export function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const result = v.safeParse(ServerMessage, JSON.parse(data));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
