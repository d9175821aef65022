import { sessionLog } from "../../src/protocol/log-ranges.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import type { SessionTable } from "../playback/session-table.ts";
import { NOWHERE } from "../playback/columns.ts";
import { newestFirst } from "../playback/newest-first.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { Attempt, StepTable } from "../playback/step-table.ts";
import { hitTest } from "./hit-test.ts";
import { humanise } from "../ui/format.ts";
import { kindWord } from "../ui/kind-word.ts";
import { rankBy, RANKS } from "./rank.ts";

/** Attempts and tool calls, found by what they are called, do and came to. */

export type FoundStep =
  | {
      readonly is: "attempt";
      readonly attempt: Attempt;
      /** Of an evaluation: which test it is at. */
      readonly test: OutlineTest | null;
      /** Of a coding session: what the turn is called. */
      readonly turn: string | null;
    }
  | {
      readonly is: "tool";
      readonly sessionId: string;
      /** Its place among the session's tool calls. */
      readonly place: number;
      readonly label: string;
      readonly toolKind: string;
      /** Of an evaluation: the test in which it was called. */
      readonly test: OutlineTest | null;
      readonly startedAt: number;
      /** Null while it runs. */
      readonly endedAt: number | null;
      readonly isFailed: boolean;
    };

export interface FoundSteps {
  /** Those whose names are most like what was typed, among them the newest, first; the first of all that were found. */
  readonly steps: readonly FoundStep[];
  readonly count: number;
  /** Is anything of the run still to be read? Then there may be more. */
  readonly isWhole: boolean;
}

interface Ask {
  readonly sessionIds: readonly string[];
  /** In lower case; every one has to be found. */
  readonly words: readonly string[];
  readonly most: number;
  /** When the run ended, if it has. */
  readonly endedAt: number | null;
}

/** More words than this say nothing more, and fit no number. */
const MOST_WORDS = 30;

export function findSteps(index: RunIndex, { endedAt, most, sessionIds, words }: Ask): FoundSteps {
  const found = new Words(words.slice(0, MOST_WORDS));
  const rank = rankBy(words);
  const { table } = index.trace;
  const attempts = foundAttempts(table, found, rank);
  const sessions = sessionIds.map((id) => ({ id, table: index.session(id).table }));
  const tools = sessions.map((session) => foundTools(session.table, found, rank));
  const steps: FoundStep[] = [];
  for (let place = 0; place < RANKS && steps.length < most; place += 1) {
    const lists = [
      timed(attempts[place], (of) => table.startOf(of) ?? 0),
      ...tools.map((ranks, session) =>
        timed(ranks[place], (of) => sessions[session]?.table.toolSpans.starts[of] ?? 0),
      ),
    ];
    for (const { index: at, list } of newestFirst(lists)) {
      if (steps.length === most) break;
      const session = sessions[list - 1];
      const of = lists[list]?.places[at] ?? NOWHERE;
      if (session === undefined) steps.push(attemptStep(table, of, endedAt));
      else steps.push(toolStep(index, session.id, of));
    }
  }
  return {
    steps,
    count: [attempts, ...tools].flat().reduce((sum, { length }) => sum + length, 0),
    isWhole: index.trace.isWhole && sessions.every(({ id }) => index.session(id).isWhole),
  };
}

function timed(places: readonly number[] = [], timeOf: (place: number) => number) {
  return { places, length: places.length, timeAt: (at: number) => timeOf(places[at] ?? NOWHERE) };
}

/** The newest attempts that did not go well. */
export function failedSteps(index: RunIndex, most: number, endedAt: number | null): readonly FoundStep[] {
  const { table } = index.trace;
  const steps: FoundStep[] = [];
  for (let place = table.count - 1; place >= 0 && steps.length < most; place -= 1)
    if (table.isFailed(place)) steps.push(attemptStep(table, place, endedAt));
  return steps;
}

function attemptStep(table: StepTable, place: number, endedAt: number | null): FoundStep {
  const attempt = table.attempt(place, Number.POSITIVE_INFINITY, endedAt);
  return { is: "attempt", attempt, test: table.tests.testOf(place), turn: turnName(table, place) };
}

function toolStep(index: RunIndex, sessionId: string, place: number): FoundStep {
  const { table } = index.session(sessionId);
  const { ends, starts } = table.toolSpans;
  const end = ends[place] ?? Number.POSITIVE_INFINITY;
  return {
    is: "tool",
    sessionId,
    place,
    label: table.toolLabel(place),
    toolKind: table.toolKind(place),
    startedAt: starts[place] ?? 0,
    endedAt: end < Number.POSITIVE_INFINITY ? end : null,
    isFailed: table.isToolFailed(place),
    test: hitTest(index, { log: sessionLog(sessionId), line: table.toolLine(place) })?.test ?? null,
  };
}

type Rank = (name: string) => number;
/** Places in a table, in its order, rank by rank. */
type Ranked = readonly (readonly number[])[];

function noneFound(): number[][] {
  return Array.from({ length: RANKS }, () => []);
}

/** There are few different words in it, so each is looked at once. */
function foundAttempts(table: StepTable, words: Words, rank: Rank): Ranked {
  const found = noneFound();
  const ranks: number[] = [];
  const nodes: number[] = [];
  const kinds: number[] = [];
  const outcomes: number[] = [];
  for (let place = 0; place < table.count; place += 1) {
    const node = table.nodeCode(place);
    const kind = table.kindCode(place);
    const outcome = table.outcomeCode(place);
    const name = table.tests.testOf(place)?.name ?? turnName(table, place) ?? humanise(table.word(node));
    const inNode = (nodes[node] ??= words.in(`${table.word(node)} ${name}`));
    const inKind = (kinds[kind] ??= words.in(kindWords(table.word(kind))));
    const inOutcome =
      outcome === NOWHERE
        ? words.inRunning
        : (outcomes[outcome] ??= words.in(outcomeWords(table.word(outcome))));
    const known = inNode | inKind | inOutcome;
    if (known === words.all || (known | words.inNumber(table.numberOf(place))) === words.all)
      found[(ranks[node] ??= rank(name))]?.push(place);
  }
  return found;
}

/** A turn is called by what was asked. */
function turnName(table: StepTable, place: number): string | null {
  const title = table.turnTitle(place);
  return title === null ? null : `${humanise(table.name(place).nodeId)} ${title}`;
}

/** Titles come again and again, too. */
function foundTools(table: SessionTable, words: Words, rank: Rank): Ranked {
  const found = noneFound();
  const ranks = new Map<string, number>();
  const texts = new Map<string, number>();
  const inText = (text: string): number => {
    let mask = texts.get(text);
    if (mask === undefined) {
      mask = words.in(text);
      texts.set(text, mask);
    }
    return mask;
  };
  const { ends } = table.toolSpans;
  for (let place = 0; place < table.toolCount; place += 1) {
    let known = inText(table.toolLabel(place)) | inText(table.toolKind(place)) | words.inTool;
    if (known !== words.all) {
      if (table.isToolFailed(place)) known |= words.inFailed;
      else if (ends[place] === Number.POSITIVE_INFINITY) known |= words.inRunning;
    }
    if (known !== words.all) continue;
    const label = table.toolLabel(place);
    const ranked = ranks.get(label) ?? rank(label);
    ranks.set(label, ranked);
    found[ranked]?.push(place);
  }
  return found;
}

/** Which of the words a text holds, as the bits of a number. */
class Words {
  readonly all: number;
  readonly inRunning: number;
  readonly inFailed: number;
  readonly inTool: number;
  readonly #words: readonly string[];
  /** Of those that are numbers, "2" and "#2" alike: which word it is, by the number. */
  readonly #numbers = new Map<number, number>();
  readonly #inAttempt: number;

  constructor(words: readonly string[]) {
    this.#words = words;
    this.all = 2 ** words.length - 1;
    for (const [bit, word] of words.entries()) {
      const number = /^#?(\d{1,9})$/.exec(word)?.[1];
      if (number !== undefined)
        this.#numbers.set(Number(number), (this.#numbers.get(Number(number)) ?? 0) | (1 << bit));
    }
    this.inRunning = this.in("running");
    this.inFailed = this.in("failed");
    this.inTool = this.in("tool");
    this.#inAttempt = this.in("attempt");
  }

  in(text: string): number {
    const lower = text.toLowerCase();
    let mask = 0;
    for (const [bit, word] of this.#words.entries()) if (lower.includes(word)) mask |= 1 << bit;
    return mask;
  }

  /** "attempt 2" names the second one; the first is not called that. */
  inNumber(number: number): number {
    const named = this.#numbers.size === 0 ? 0 : (this.#numbers.get(number) ?? 0);
    return number > 1 ? named | this.#inAttempt : named;
  }
}

function kindWords(kind: string): string {
  const word = kindWord(kind);
  return word === kind ? kind : `${kind} ${word}`;
}

function outcomeWords(outcome: string): string {
  return outcome === "ok" || outcome === "completed"
    ? `${outcome} done passed`
    : outcome.replaceAll("_", " ");
}
