import type { IncomingMessage, ServerResponse } from "node:http";
import type { Topic } from "../store/topic.ts";
import { hasCode } from "../sources/file-errors.ts";
import { answerPoll, type Place } from "./poll.ts";
import { sendBytes, sendError } from "./reply.ts";

/** The live protocol by requests, for who cannot open a web socket (docs/protocol.md, rules F1 to F5). */

/** The live protocol over streams, as the router needs it. */
export interface LiveDoor {
  /** Answers with a stream that lasts until its client leaves. */
  open(response: ServerResponse): void;
  /** What the client of a stream says. False: there is no such stream (any more). */
  receive(id: string, text: string): boolean;
}

/** The largest message a client may send; the same as over a socket. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** `POST /api/live/<stream>`: a message from the client of a stream. */
export async function receiveMessage(
  request: IncomingMessage,
  response: ServerResponse,
  streams: LiveDoor,
  id: string,
): Promise<void> {
  if (request.headers["content-type"]?.split(";")[0] !== "application/json") {
    return sendError(response, 415, "Send it as application/json.");
  }
  const text = await bodyOf(request);
  // Who left in the middle of it has said nothing.
  if (text === null) return;
  if (text === undefined)
    return sendError(response, 413, `A message has at most ${MAX_MESSAGE_BYTES} bytes.`);
  if (!streams.receive(id, text)) return sendError(response, 404, "There is no such stream.");
  response.writeHead(204).end();
}

/** Undefined: it is too long; what else comes is passed over. Null: it ended before its end. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > MAX_MESSAGE_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    if (hasCode(error, "ECONNRESET")) return null;
    throw error;
  }
  return Buffer.concat(chunks).toString();
}

/**
 * What `?since=` says: a place in the topic, or that none is held yet (an empty
 * one). Undefined: nothing of the kind is asked for.
 */
export function readSince(url: string | undefined): Place | null | "malformed" | undefined {
  const since = new URLSearchParams(url?.split("?", 2)[1]).get("since");
  if (since === null) return undefined;
  if (since === "") return null;
  const [, epoch, version] = /^([\w-]{1,64})\.(\d{1,15})$/.exec(since) ?? [];
  return epoch === undefined ? "malformed" : { epoch, version: Number(version) };
}

/** The message that brings a client from its place to the present, or 204 when it is there. */
export function sendSince<State>(
  response: ServerResponse,
  topic: Topic<State>,
  since: Place | null | "malformed",
): void {
  if (since === "malformed") return sendError(response, 400, "A place is an epoch, a dot and a version.");
  const answer = answerPoll(topic, since);
  switch (answer.kind) {
    case "message":
      return sendBytes(response, 200, answer.bytes);
    case "nothing":
      response.writeHead(204, { "cache-control": "no-store" }).end();
      return;
    case "ended":
      return answer.why === "closed"
        ? sendError(response, 404, "It is gone.")
        : sendError(response, 500, "The run is too large to be sent whole.");
  }
}
