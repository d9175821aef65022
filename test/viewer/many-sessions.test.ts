import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunState, SessionEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { nextEvent, previousEvent } from "../../viewer/playback/moments.ts";
import { pagesOf } from "../../viewer/live/part.ts";
import type { Picture } from "../../viewer/playback/picture.ts";
import { answer, chunk, madeRun, prompt, said, T0, update } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

/** A run of very many sessions: a moment costs what is shown of it, not what all of them hold. */

const SESSIONS = 100;
const LINES = 3000;
const TURN_LINES = 60;

/** Turns of a prompt, eight tool calls, words and an answer; before the first, what sets a session up. */
function spoken(timeOf: (line: number) => number): SessionEvent[] {
  return Array.from({ length: LINES }, (_, line) => {
    const turn = Math.floor((line - 4) / TURN_LINES);
    const place = (line - 4) % TURN_LINES;
    const call = { toolCallId: `c${turn}-${place}`, title: "looks", kind: "read" };
    const message =
      line < 4
        ? { jsonrpc: "2.0", method: "initialize" }
        : place === 0
          ? prompt(turn, `ask ${turn}`)
          : place === TURN_LINES - 1
            ? answer(turn)
            : place % 7 === 1
              ? update({ sessionUpdate: "tool_call", ...call })
              : chunk("agent_message", `w${line} `);
    return said(line, timeOf(line), message);
  });
}

interface Known {
  readonly knows: "all" | "times" | "nothing";
}

async function served(
  timeOf: (session: number, line: number) => number,
  { knows }: Known = { knows: "all" },
): Promise<ServedRun> {
  const sessions = Array.from({ length: SESSIONS }, (_, index) => {
    const id = `s${index}`;
    const events = Log.from(spoken((line) => timeOf(index, line)));
    return [id, { id, binding: null, record: null, events }] as const;
  });
  const run: RunState = madeRun({ sessions: Object.fromEntries(sessions) });
  const page = new ServedRun(run, () => 512);
  if (knows === "all") await page.learn();
  if (knows === "times") page.learnTimes();
  return page;
}

const ALL = { limit: 200, first: null, filter: EVERYTHING, depth: Number.POSITIVE_INFINITY };

/** How many pages that were not held a picture asked for, in how many rounds, and on how many it rests. */
function costOf<Value>(page: ServedRun, draw: () => Picture<Value>) {
  const asked = new Set<string>();
  let rounds = 0;
  let kept = 0;
  page.bring(() => {
    const picture = draw();
    const pages = picture.parts.flatMap((part) => Array.from(pagesOf(part), (each) => ({ part, each })));
    const missing = pages.filter(({ each, part }) => !page.holds(part.log, each));
    for (const { each, part } of missing) asked.add(`${part.log}/${each}`);
    if (missing.length > 0) rounds += 1;
    kept = pages.length;
    return picture;
  });
  return { asked: asked.size, kept, rounds };
}

function conversationCost(page: ServedRun, at: number) {
  const pictures = new ConversationPictures();
  return costOf(page, () => pictures.at({ run: page.run, index: page.index, at, portions: 1, hold: null }));
}

function eventsCost(page: ServedRun, at: number) {
  return costOf(page, () => newestRows(page.run, page.index, at, ALL));
}

const AFTER_ANOTHER = (session: number, line: number) => (session * LINES + line) * 10;
const SIDE_BY_SIDE = (session: number, line: number) => line * 1000 + session * 5;

test("sessions one after another: a moment asks for those that spoke last, and which later ones had begun", async () => {
  const page = await served(AFTER_ANOTHER);
  const at = T0 + AFTER_ANOTHER(50, 1500);
  const { asked, kept, rounds } = conversationCost(page, at);
  assert.ok(asked <= SESSIONS / 2 + 6, `${asked} pages`);
  assert.ok(kept <= 12, "which had begun is remembered, and its pages need not stay");
  assert.equal(rounds, 1);
  assert.deepEqual(conversationCost(page, at - 100).asked, 0);
  assert.equal(eventsCost(page, at).asked, 0);
});

test("sessions side by side: a conversation asks for the windows of the sessions chosen, and no others", async () => {
  const page = await served(SIDE_BY_SIDE);
  const { asked, kept, rounds } = conversationCost(page, T0 + SIDE_BY_SIDE(50, 1500));
  assert.ok(asked <= 60, `${asked} pages`);
  assert.ok(kept <= 60, `${kept} pages`);
  assert.ok(rounds <= 2);
});

test("sessions side by side: events ask for one page a session, and for all that is missing at once", async () => {
  const page = await served(SIDE_BY_SIDE);
  const inPage = eventsCost(page, T0 + SIDE_BY_SIDE(50, 1500));
  assert.ok(inPage.asked <= SESSIONS, `${inPage.asked} pages`);
  assert.equal(inPage.rounds, 1);
  const atItsBeginning = eventsCost(page, T0 + SIDE_BY_SIDE(50, 7 * Log.PAGE));
  assert.ok(atItsBeginning.rounds <= 3, `${atItsBeginning.rounds} rounds`);
  assert.ok(atItsBeginning.asked <= 3 * SESSIONS);
});

test("before the outlines are there, no more is asked for than a few sessions' newest lines", async () => {
  const page = await served(SIDE_BY_SIDE, { knows: "times" });
  for (const at of [T0 + SIDE_BY_SIDE(50, 1500), Number.POSITIVE_INFINITY]) {
    const question = { run: page.run, index: page.index, at, portions: 1, hold: null };
    const { isReady, parts } = new ConversationPictures().at(question);
    assert.equal(isReady, false);
    assert.ok(parts.length > 0 && parts.length <= 8, `${parts.length} sessions`);
  }
});

test("the next and the previous event among many sessions ask for all pages they need at once", async () => {
  const at = T0 + SIDE_BY_SIDE(50, 1500);
  for (const [move, expected] of [
    [nextEvent, at + 5],
    [previousEvent, at - 5],
  ] as const) {
    const page = await served(SIDE_BY_SIDE);
    const asked = move(page.index, at);
    assert.ok(asked.kind === "pages");
    assert.equal(asked.parts.length, SESSIONS);
    for (const part of asked.parts) page.fill(part);
    assert.deepEqual(move(page.index, at), { kind: "found", at: expected });
  }
});

test("while the times of a log are awaited, pages of the others are asked for", async () => {
  const page = await served(SIDE_BY_SIDE, { knows: "nothing" });
  const at = T0 + SIDE_BY_SIDE(50, 1500);
  assert.deepEqual(nextEvent(page.index, at), { kind: "times" });
  page.learnTimes(["sessions/s7"]);
  const asked = nextEvent(page.index, at);
  assert.ok(asked.kind === "pages");
  assert.deepEqual(
    asked.parts.map(({ log }) => log),
    ["sessions/s7"],
  );
  for (const part of asked.parts) page.fill(part);
  assert.deepEqual(nextEvent(page.index, at), { kind: "times" });
});
