import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { VERSION } from "../version.ts";
import type { Extent, RunFiles } from "../sources/source.ts";
import type { OpenRun } from "../store/run-stores.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import type { RunsPortion } from "../protocol/portion.ts";
import type { RunGroups } from "../protocol/run-groups.ts";
import type { GroupsAsk } from "../store/group-runs.ts";
import type { PortionAsk } from "../store/run-search.ts";
import { readAddress } from "./address.ts";
import { type Events, sendAllEvents, sendRunEvents } from "./event-routes.ts";
import { type LiveDoor, readSince, receiveMessage, sendSince } from "./live-requests.ts";
import type { Place } from "../protocol/place.ts";
import type { RunsState } from "../protocol/bundle.ts";
import type { Topic } from "../store/topic.ts";
import { readFindQuestion, sendFound } from "./find-text.ts";
import { readQuestion, sendLogPart } from "./log-parts.ts";
import { isToken, type RequestGuard } from "./guard.ts";
import { answerNow, isOfNow, type NowDoor } from "./now-routes.ts";
import type { Page } from "./page.ts";
import { SAFE_HEADERS, sendBytes, sendError, sendJson } from "./reply.ts";
import { sendRunFile } from "./run-files.ts";
import { readGroupsQuery, readRunsQuery } from "./runs-query.ts";

interface Health {
  readonly pid: number;
  readonly runsDirs: readonly string[];
  readonly workingDir?: string | undefined;
  /** Folders of sessions of one source. */
  readonly sessionDirs?: readonly { readonly dir: string; readonly source: string }[] | undefined;
  readonly startedAt: string;
  /** How changes are found. */
  readonly watching: "watching" | "sweeping" | "off";
  /** Why changes may be noticed late, in words; empty while all folders are watched. */
  readonly watchTrouble: readonly string[];
}

export interface RouterParts {
  readonly guard: RequestGuard;
  readonly token: string;
  readonly health: () => Health;
  readonly listRuns: () => readonly RunSummary[];
  /** Undefined: there is no run to go on after. */
  readonly listPortion: (ask: PortionAsk) => RunsPortion | undefined;
  readonly listGroups: (ask: GroupsAsk) => RunGroups;
  /** Undefined: there is no such run. */
  readonly filesOf: (id: string) => Promise<RunFiles | undefined>;
  readonly openRun: (id: string, extent: Extent) => Promise<OpenRun | undefined>;
  readonly events: Events;
  readonly now: NowDoor;
  /** The head of the list, for who asks what has changed in it. */
  readonly head: Topic<RunsState>;
  readonly streams: LiveDoor;
  readonly shutdown: () => void;
  readonly page: Page;
  readonly onError: (error: unknown) => void;
}

/** Where a request goes. Ids and names in it are only ever looked up. */
export function createRouter(parts: RouterParts): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
    const verdict = parts.guard.check(request);
    if (verdict.kind === "refuse") return sendError(response, 403, verdict.reason);
    const path = readAddress(request.url);
    if (path === undefined) return sendError(response, 400, "The address is malformed.");
    route(parts, request, response, path).catch((error: unknown) => {
      parts.onError(error);
      if (response.headersSent) response.destroy();
      else sendError(response, 500, "The viewer failed; its output says why.");
    });
  };
}

async function route(
  parts: RouterParts,
  request: IncomingMessage,
  response: ServerResponse,
  path: readonly string[],
): Promise<void> {
  const [first, ...rest] = path;
  if (first === "api" && rest.join("/") === "control/shutdown") return shutdown(parts, request, response);
  const [, stream] = rest;
  const isLiveChannel = first === "api" && rest[0] === "live" && rest.length === 2 && !isOfNow(rest);
  if (isLiveChannel && request.method === "POST")
    return receiveMessage(request, response, parts.streams, stream ?? "");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return sendError(response, 405, "This address can only be read.");
  }
  if (first !== "api") {
    if (!parts.page.send(request, response, path)) sendError(response, 404, "There is no such page.");
    return;
  }
  if (await answerNow(parts.now, request, response, rest)) return;
  const [what, id, part, ...name] = rest;
  if (what === "health" && id === undefined) {
    return sendJson(response, 200, { service: "runreel", version: VERSION, ...parts.health() });
  }
  if (what === "events" && id === undefined) return sendAllEvents(parts.events, request, response);
  if (what === "v1" && id === "runs" && part !== undefined && name.join("/") === "events") {
    return sendRunEvents(parts.events, request, response, part);
  }
  if (what === "live" && id === "channel" && part === undefined && request.method === "GET")
    return parts.streams.open(response);
  if (what === "runs" && id === "groups" && part === undefined) {
    const query = readGroupsQuery(request.url);
    if (query.kind === "refused") return sendError(response, 400, query.reason);
    if (query.kind === "groups") return sendJson(response, 200, parts.listGroups(query.ask));
  }
  if (what === "runs" && part === undefined) {
    const since = readSince(request.url);
    if (since !== undefined)
      return id === undefined
        ? sendSince(response, parts.head, since)
        : sendRunSince(parts, response, id, since);
    return id === undefined ? sendRuns(parts, response, request.url) : sendRun(parts, response, id);
  }
  if (what === "runs" && id !== undefined && part === "files" && name.length > 0) {
    const files = await parts.filesOf(id);
    if (files === undefined) return sendError(response, 404, "There is no such run.");
    return sendRunFile(request, response, files, name.join("/"));
  }
  if (what === "runs" && id !== undefined && part === "find" && name.length === 0) {
    const query = readFindQuestion(request.url);
    if (query.kind === "refused") return sendError(response, 400, query.reason);
    return sendFound(response, () => parts.openRun(id, "tail"), query.question);
  }
  if (what === "runs" && id !== undefined && part !== undefined && name.length === 0) {
    const question = readQuestion(part, request.url);
    if (question === "malformed")
      return sendError(response, 400, "The question for a part of a log is malformed.");
    if (question !== undefined) return sendLogPart(response, () => parts.openRun(id, "tail"), question);
  }
  return sendError(response, 404, "There is no such address.");
}

function sendRuns(parts: RouterParts, response: ServerResponse, url: string | undefined): void {
  const query = readRunsQuery(url);
  switch (query.kind) {
    case "all":
      return sendJson(response, 200, { runs: parts.listRuns() });
    case "refused":
      return sendError(response, 400, query.reason);
    case "portion": {
      const portion = parts.listPortion(query.ask);
      if (portion === undefined) return sendError(response, 404, "There is no such run to go on after.");
      return sendJson(response, 200, portion);
    }
  }
}

async function sendRunSince(
  parts: RouterParts,
  response: ServerResponse,
  id: string,
  since: Place | null | "malformed",
): Promise<void> {
  const run = await parts.openRun(id, "tail");
  if (run === undefined) return sendError(response, 404, "There is no such run.");
  try {
    sendSince(response, run.topic, since);
  } finally {
    run.release();
  }
}

async function sendRun(parts: RouterParts, response: ServerResponse, id: string): Promise<void> {
  const run = await parts.openRun(id, "whole");
  if (run === undefined) return sendError(response, 404, "There is no such run.");
  try {
    const snapshot = run.topic.snapshot();
    if (snapshot === undefined) return sendError(response, 500, "The run is too large to be sent whole.");
    sendBytes(response, 200, snapshot.bytes);
  } finally {
    run.release();
  }
}

function shutdown(parts: RouterParts, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return sendError(response, 405, "Shutting down is a POST.");
  }
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !isToken(token, parts.token)) {
    response.setHeader("www-authenticate", "Bearer");
    return sendError(response, 401, "Shutting down needs the viewer's token; `runreel stop` knows it.");
  }
  if (request.headers["content-type"]?.split(";")[0] !== "application/json") {
    return sendError(response, 415, "Send it as application/json.");
  }
  response.on("finish", parts.shutdown);
  sendJson(response, 202, { stopping: true });
}
