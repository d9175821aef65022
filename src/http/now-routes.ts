import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import type { LiveStats, RecentRecords, UsageDay, UsageHistory } from "../protocol/now.ts";
import { spreadsheetText } from "../protocol/spreadsheet-text.ts";
import { readZone } from "./zone.ts";
import { sendError, sendJson } from "./reply.ts";

/** Who knows what happens now, and what it costs (docs/now.md). Zones are IANA names of zones that there are. */
export interface NowDoor {
  /** Answers with a stream that lasts until its client leaves. `lastId` is what was read last, "" for nothing. */
  stream(response: ServerResponse, ask: { readonly zone: string; readonly lastId: string }): void;
  /** The headers of such a stream alone. */
  head(response: ServerResponse): void;
  recent(): RecentRecords;
  stats(zone: string): LiveStats;
  /** Today's date in the zone: "2026-11-20". */
  today(zone: string): string;
  /** Both days counted in. */
  history(zone: string, from: string, to: string): UsageHistory;
}

/** Days that are shown where nobody says which. */
const USUAL_DAYS = 30;
/** Days that can be asked for at a time: ten years. */
const MOST_DAYS = 3_660;
const MOST_ID_CHARS = 64;
const DAY_MS = 24 * 60 * 60_000;

const Day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((day) => dayAt(day) !== undefined),
);

/** False: the address is none of these. */
export function answerNow(
  door: NowDoor,
  request: IncomingMessage,
  response: ServerResponse,
  path: readonly string[],
): boolean {
  const address = path.join("/");
  switch (address) {
    case "live/recent":
      sendJson(response, 200, door.recent());
      return true;
    case "live/stats":
    case "live/stream":
    case "usage":
    case "usage.csv":
      break;
    default:
      return false;
  }
  const query = new URLSearchParams(/\?([^#]*)/.exec(request.url ?? "")?.[1]);
  const zone = readZone(query.get("tz"));
  if (zone === undefined) {
    sendError(response, 400, 'There is no such time zone; "tz" is an IANA name like Europe/Berlin.');
    return true;
  }
  switch (address) {
    case "live/stats":
      sendJson(response, 200, door.stats(zone));
      break;
    case "live/stream": {
      const lastId = lastIdOf(request, query);
      if (request.method === "HEAD") door.head(response);
      else if (lastId.length > MOST_ID_CHARS)
        sendError(response, 400, `The last event's id has at most ${MOST_ID_CHARS} characters.`);
      else door.stream(response, { zone, lastId });
      break;
    }
    case "usage":
    case "usage.csv": {
      const days = readDays(query, door.today(zone));
      if (typeof days === "string") sendError(response, 400, days);
      else if (address === "usage") sendJson(response, 200, door.history(zone, days.from, days.to));
      else sendCsv(response, days, door.history(zone, days.from, days.to).days);
      break;
    }
  }
  return true;
}

/** What was read last. Who names it in the address means it, whatever a browser adds. */
function lastIdOf(request: IncomingMessage, query: URLSearchParams): string {
  const asked = query.get("lastEventId");
  if (asked !== null && asked !== "") return asked;
  const header = request.headers["last-event-id"];
  return typeof header === "string" ? header : "";
}

interface Days {
  readonly from: string;
  readonly to: string;
}

/** A text says what is wrong with the question. */
function readDays(query: URLSearchParams, today: string): Days | string {
  const asked = v.safeParse(v.object({ from: v.nullable(Day), to: v.nullable(Day) }), {
    from: query.get("from"),
    to: query.get("to"),
  });
  if (!asked.success) return '"from" and "to" are days like 2026-11-20.';
  const to = asked.output.to ?? laterOf(today, asked.output.from);
  const end = dayAt(to) ?? 0;
  const from = asked.output.from ?? new Date(end - (USUAL_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const days = (end - (dayAt(from) ?? 0)) / DAY_MS + 1;
  if (days < 1) return '"from" is after "to".';
  if (days > MOST_DAYS) return `At most ${MOST_DAYS} days can be asked for at a time.`;
  return { from, to };
}

function laterOf(today: string, from: string | null): string {
  return from === null || from < today ? today : from;
}

/** Ms since the epoch, as if the day were in UTC. Undefined: the calendar has no such day. */
function dayAt(day: string): number | undefined {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day) ? at : undefined;
}

const COLUMNS = [
  "day",
  "project",
  "model",
  "source",
  "input_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "cache_write_1h_tokens",
  "output_tokens",
  "unpriced_tokens",
  "cost_usd",
] as const satisfies readonly (keyof UsageDay)[];

function sendCsv(response: ServerResponse, { from, to }: Days, days: readonly UsageDay[]): void {
  const rows = days.map((day) => COLUMNS.map((column) => cellOf(day[column])).join(","));
  const body = Buffer.from([COLUMNS.join(","), ...rows, ""].join("\r\n"));
  response.writeHead(200, {
    "content-type": "text/csv; charset=utf-8",
    "content-length": body.length,
    "content-disposition": `attachment; filename="usage-${from}-${to}.csv"`,
    "cache-control": "no-store",
  });
  response.end(body);
}

/** A text is always quoted, so that nothing in it need be looked for. What is not known is empty. */
function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return `"${spreadsheetText(value).replaceAll('"', '""')}"`;
}
