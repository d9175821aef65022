import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveStats, RecentRecords, UsageDay, UsageHistory } from "../protocol/now.ts";
import { spreadsheetText } from "../protocol/spreadsheet-text.ts";
import { type CalendarDay, dayAfter, readDay, writeDay } from "../sums/zone.ts";
import { askedZone } from "./asked-zone.ts";
import { sendError, sendJson } from "./reply.ts";

/** Who knows what happens now, and what it costs (docs/now.md). A zone is the IANA name of one that there is. */
export interface NowDoor {
  /** Answers with a stream that lasts until its client leaves. `lastId` is what was read last, "" for nothing. */
  stream(response: ServerResponse, ask: { readonly zone: string; readonly lastId: string }): void;
  /** The headers of such a stream alone. */
  head(response: ServerResponse): void;
  recent(): RecentRecords;
  stats(zone: string): LiveStats;
  today(zone: string): CalendarDay;
  /** Both days counted in; a day is written "2026-11-20". */
  history(zone: string, from: string, to: string): Promise<UsageHistory>;
}

/** Days that are shown where nobody says which. */
const USUAL_DAYS = 30;
/** Days that can be asked for at a time: ten years. */
const MOST_DAYS = 3_660;
const MOST_ID_CHARS = 64;

const ADDRESSES: ReadonlySet<string> = new Set(["live/recent", "live/stats", "live/stream"]);

/** Below `/api/live`: the other addresses there are of the live protocol. */
export function isOfNow(path: readonly string[]): boolean {
  return ADDRESSES.has(path.join("/"));
}

/** False: the address is none of these. */
export async function answerNow(
  door: NowDoor,
  request: IncomingMessage,
  response: ServerResponse,
  path: readonly string[],
): Promise<boolean> {
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
  const zone = askedZone(query.get("tz"));
  if (zone === null) {
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
      else {
        const history = await door.history(zone, days.from, days.to);
        if (address === "usage") sendJson(response, 200, history);
        else sendCsv(response, days, history.days);
      }
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
function readDays(query: URLSearchParams, today: CalendarDay): Days | string {
  const [first, last] = [dayIn(query, "from"), dayIn(query, "to")];
  if (first === null || last === null) return '"from" and "to" are days like 2026-11-20.';
  const to = last ?? (first !== undefined && isBefore(today, first) ? first : today);
  const from = first ?? dayAfter(to, 1 - USUAL_DAYS);
  if (isBefore(to, from)) return '"from" is after "to".';
  if (isBefore(dayAfter(from, MOST_DAYS - 1), to))
    return `At most ${MOST_DAYS} days can be asked for at a time.`;
  return { from: writeDay(from), to: writeDay(to) };
}

/** Undefined: nobody says which; null: there is no such day. */
function dayIn(query: URLSearchParams, name: string): CalendarDay | null | undefined {
  const text = query.get(name);
  return text === null ? undefined : readDay(text);
}

function isBefore(left: CalendarDay, right: CalendarDay): boolean {
  return writeDay(left) < writeDay(right);
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
