import * as v from "valibot";
import { type ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";

export type ServerMessageListener = (message: ServerMessage) => void;

/** One connection, by whatever way, from its opening to its end. It is never reused. */
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

/** Reads what the server says; null where it is no message that the protocol names. */
export function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const result = v.safeParse(ServerMessage, JSON.parse(data));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
