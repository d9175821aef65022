import { folderName } from "./folder-name.ts";
import {
  age,
  exactTimeOfDay,
  firstLine,
  humanise,
  roughNumber,
  timeOrDay,
  wholeNumber,
} from "../ui/format.ts";
import { formatRoute } from "../ui/route.ts";
import { seconds, usd } from "./figures.ts";
import type { Line, LineRecord } from "./lines.ts";

/** What a word is coloured by; it says the same by itself. */
type Tone = "action" | "answer" | "ok" | "bad" | "wait" | "plain";

export interface Row {
  readonly key: string;
  readonly nr: number;
  readonly time: string;
  readonly word: string;
  readonly tone: Tone;
  readonly what: string;
  /** What the line says in full. */
  readonly hint: string;
  readonly run: string;
  readonly project: string;
  /** How long it took, what it cost, or where it stands. */
  readonly figure: string;
  readonly figureTone: Tone;
  /** It goes on: since when, in ms since the epoch. */
  readonly since: number | null;
  /** Its run at that moment. */
  readonly href: string;
}

interface Told {
  readonly word: string;
  readonly tone: Tone;
  readonly what: string;
  readonly hint?: string;
  readonly figure: string;
  readonly figureTone?: Tone;
  readonly isGoing?: boolean;
}

export function rowOf({ at, key, nr, record }: Line, now: number): Row {
  const { project, run_id, run_title } = record.payload;
  const { figureTone = "plain", hint, isGoing = false, ...told } = toldOf(record);
  const folder = project === null ? "" : folderName(project);
  return {
    ...told,
    key,
    nr,
    figureTone,
    time: exactTimeOfDay(at),
    hint: [hint ?? told.what, run_title, project ?? "", timeOrDay(at, now)].filter(Boolean).join("\n"),
    run: run_title,
    project: folder,
    since: isGoing ? at : null,
    href: formatRoute({ runId: run_id, at: null, tab: null, ...(Number.isFinite(at) ? { moment: at } : {}) }),
  };
}

function toldOf(record: LineRecord): Told {
  switch (record.type) {
    case "event":
      return answer(record.payload);
    case "tool_call":
      return call(record.payload);
    case "test_result":
      return result(record.payload);
    case "mark":
      return mark(record.payload);
  }
}

type Payload<Type extends LineRecord["type"]> = Extract<LineRecord, { type: Type }>["payload"];

function answer(payload: Payload<"event">): Told {
  const { cache_create_tokens, cache_read_tokens, cost_usd, input_tokens, model, output_tokens } = payload;
  const name = model ?? "no model told";
  const cached = cache_read_tokens === 0 ? [] : [`${roughNumber(cache_read_tokens)} cached`];
  return {
    word: "answer",
    tone: "answer",
    what: [name, `${wholeNumber(output_tokens)} out`, ...cached].join(" · "),
    hint: [
      name,
      `${wholeNumber(input_tokens)} in`,
      `${wholeNumber(output_tokens)} out`,
      `${wholeNumber(cache_read_tokens)} read from the cache`,
      `${wholeNumber(cache_create_tokens)} written to it`,
    ].join(", "),
    figure: usd(cost_usd),
  };
}

function call({ duration, kind, status, title, tool_name }: Payload<"tool_call">): Told {
  // A kind that says nothing leaves it to the tool's name.
  const isPlain = kind === "" || kind === "other" || kind === "think";
  const named = isPlain && title !== tool_name ? [tool_name, title] : [title === "" ? tool_name : title];
  const what = named.map(firstLine).filter(Boolean).join(" · ");
  const word = isPlain ? "tool" : kind.replaceAll("_", " ");
  const took = duration === null ? "" : seconds(duration);
  switch (status) {
    case "asks":
      return { word: "asks", tone: "wait", what, figure: "waiting", figureTone: "wait" };
    case "running":
      return { word, tone: "action", what, figure: "running", figureTone: "answer", isGoing: true };
    case "ok":
      return { word, tone: "action", what, figure: took };
    case "error":
      return { word, tone: "bad", what, figure: `failed ${took}`.trim(), figureTone: "bad" };
  }
}

const GOOD_STATES = new Set(["passed", "ok", "completed"]);
const NO_STATES = new Set(["skipped", "pending"]);

function result({ cost_usd, duration, score, state, test }: Payload<"test_result">): Told {
  const tone = NO_STATES.has(state) ? "plain" : GOOD_STATES.has(state) ? "ok" : "bad";
  const scored = score === null ? "" : `, ${score.toFixed(2)}`;
  return {
    word: "result",
    tone,
    what: `${test} ${humanise(state).toLowerCase()}${scored}`,
    figure: duration !== null ? seconds(duration) : cost_usd === null ? "" : usd(cost_usd),
  };
}

const MARK_LOOKS: ReadonlyMap<string, readonly [word: string, tone: Tone]> = new Map([
  ["error", ["error", "bad"]],
  ["retry", ["retry", "wait"]],
  ["compacted", ["compacted", "plain"]],
  ["model", ["model", "plain"]],
  ["aborted", ["aborted", "bad"]],
  ["asks", ["asks", "wait"]],
]);

function mark({ mark, text }: Payload<"mark">): Told {
  const [word, tone] = MARK_LOOKS.get(mark) ?? [firstLine(mark), "plain"];
  return { word, tone, what: firstLine(text), hint: text, figure: "" };
}

/** What goes on for so long without a word has most likely been given up. */
const GIVEN_UP_MS = 3_600_000;

/** How long a call has been going on; of one that nobody ever ended only that. */
export function goingText(since: number, now: number): string {
  const ms = now - since;
  return ms > GIVEN_UP_MS ? "no result" : `running ${age(ms)}`;
}
