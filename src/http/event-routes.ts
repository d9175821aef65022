import type { IncomingMessage, ServerResponse } from "node:http";
import { sendError } from "./reply.ts";

/** Who answers with streams of events. */
export interface Events {
  /** The events of one run, "latest" the newest, after a number. False: there is no such run. */
  run(response: ServerResponse, id: string, after: number): Promise<boolean>;
  /** Those of all runs after an id, "" for none. */
  all(response: ServerResponse, lastId: string): Promise<void>;
  /** The headers alone; `id` is null for all runs. False: there is no such run. */
  head(response: ServerResponse, id: string | null): Promise<boolean>;
}

/** `GET /api/v1/runs/<id>/events`. */
export async function sendRunEvents(
  events: Events,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  if (!(await answer(events, request, response, id))) sendError(response, 404, "There is no such run.");
}

/** `GET /api/events`: of all runs, or with `?run=` of one. */
export async function sendAllEvents(
  events: Events,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = queryOf(request).get("run");
  if (id === null) {
    if (request.method === "HEAD") await events.head(response, null);
    else await events.all(response, lastIdOf(request));
  } else if (!(await answer(events, request, response, id))) {
    if (id !== "latest") return sendError(response, 404, "There is no such run.");
    // There is no run yet: an EventSource that is told so does not ask again.
    response.writeHead(204);
    response.end();
  }
}

/** False: there is no such run. */
async function answer(
  events: Events,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<boolean> {
  const lastId = lastIdOf(request);
  if (!/^\d{0,15}$/.test(lastId)) {
    sendError(response, 400, "The last event's id is a whole number, 0 or more.");
    return true;
  }
  if (request.method === "HEAD") return events.head(response, id);
  return events.run(response, id, Number(lastId));
}

/** What was read last. Who names it in the address means it, whatever a browser adds. */
function lastIdOf(request: IncomingMessage): string {
  const asked = queryOf(request).get("lastEventId");
  if (asked !== null && asked !== "") return asked;
  const header = request.headers["last-event-id"];
  return typeof header === "string" ? header : "";
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(request.url ?? "")?.[1]);
}
