import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import type { Conversation } from "../../viewer/conversation/entry.ts";
import { conversationStep, emptyConversation } from "../../viewer/conversation/fold.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { nextEvent, previousEvent } from "../../viewer/playback/moments.ts";
import { answer, chunk, madeRun, prompt, said, stamp, T0, traced, update } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const ALL = { limit: 40, first: null, filter: EVERYTHING, depth: Number.POSITIVE_INFINITY };

/** What is shown follows from the run and the moment alone, whichever parts of the run a page holds. */

/** The same numbers for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed | 0;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return ((state >>> 8) % 65_536) % sides;
  };
}

/** Stamps that mostly rise, sometimes stand, go back, or cannot be read. */
function clock(roll: (sides: number) => number): () => string {
  let ms = roll(400);
  return () => {
    const kind = roll(20);
    if (kind === 0) return "some time";
    if (kind === 1) return stamp(Math.max(0, ms - 500));
    if (kind > 5) ms += roll(30);
    return stamp(ms);
  };
}

function randomEvents(seed: number, length: number): (SessionEvent | null)[] {
  const roll = dice(seed);
  const at = clock(roll);
  // Some sessions are all chunks, some all turns.
  const chatty = [6, 20, 100, 400][roll(4)] ?? 6;
  let isThinking = false;
  let id = 0;
  const message = (): Record<string, unknown> => {
    const call = `call-${roll(2) === 0 ? id : roll(id + 1)}`;
    switch (roll(chatty)) {
      case 0:
        id += 1;
        return prompt(id, `ask ${id}`);
      case 1:
        return answer(roll(4) === 0 ? roll(id + 2) : id, ["end_turn", "cancelled", "max_tokens"][roll(3)]);
      case 2:
        return update({ sessionUpdate: "tool_call", toolCallId: call, title: `does ${id}`, kind: "read" });
      case 3:
        return update({
          sessionUpdate: "tool_call_update",
          toolCallId: call,
          status: ["in_progress", "completed", "failed"][roll(3)],
        });
      case 4:
        return update({
          sessionUpdate: "plan",
          entries: [{ content: `plan ${roll(9)}`, status: "pending" }],
        });
      case 5:
        if (roll(6) > 0) return { jsonrpc: "2.0", method: "session/cancel" };
        id += 1;
        return { jsonrpc: "2.0", id, method: "session/load" };
      case 6:
        return update({ sessionUpdate: "user_message_chunk", content: { type: "text", text: `ask ${id}` } });
      default:
        if (roll(chatty) === 0) isThinking = !isThinking;
        return chunk(isThinking ? "agent_thought" : "agent_message", `w${roll(1000)} `);
    }
  };
  return Array.from({ length }, (_, seq) =>
    roll(50) === 0 ? null : { ...said(seq, 0, message()), at: at() },
  );
}

function randomTrace(seed: number, length: number): (TraceEvent | null)[] {
  const roll = dice(seed);
  const at = clock(roll);
  let attempts = 0;
  return Array.from({ length }, (_, seq): TraceEvent | null => {
    const attempt = `work#${roll(3) > 0 ? attempts : roll(attempts + 2)}`;
    const event = (type: string, payload = {}) => ({ ...traced(seq, 0, type, attempt, payload), at: at() });
    switch (roll(9)) {
      case 0:
        attempts += 1;
        return { ...traced(seq, 0, "node_started", `work#${attempts}`, { nodeType: "acp" }), at: at() };
      case 1:
        return event("node_outcome", { outcome: roll(3) === 0 ? "failed" : "ok", error: "no" });
      case 2:
        return event("node_heartbeat", { statusDetail: `doing ${roll(5)}` });
      case 3:
        return { ...event("acp_prompt_prepared"), sessionId: `s${roll(3)}` };
      case 4:
        return roll(40) === 0 ? event("run_failed") : event("artifact_written");
      case 5:
        return null;
      default:
        return event("something_else");
    }
  });
}

const runs = fc
  .record({
    seed: fc.integer(),
    trace: fc.nat(900),
    sessions: fc.oneof(
      { weight: 4, arbitrary: fc.array(fc.nat(3000), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(fc.nat(400), { minLength: 40, maxLength: 60 }) },
    ),
    ended: fc.boolean(),
  })
  .map(({ ended, seed, sessions, trace }): RunState => {
    const parts = sessions.map((length, index) => {
      const id = `s${index}`;
      const events = Log.tail<SessionEvent>(0, randomEvents(seed + index, length));
      return [id, { id, binding: null, record: null, events }] as const;
    });
    return madeRun({
      status: ended ? "failed" : "running",
      trace: Log.tail<TraceEvent>(0, randomTrace(seed, trace)),
      sessions: Object.fromEntries(parts),
    });
  });
const tails = fc.constantFrom(1, 130, 512, 1000);
const moments = fc.array(fc.oneof(fc.nat(40_000), fc.constant(Number.POSITIVE_INFINITY)), {
  minLength: 1,
  maxLength: 6,
});

/** All that a page shows at a moment, as plain values. */
function shownAt(page: ServedRun, pictures: ConversationPictures, at: number, portions: number): unknown {
  const { index } = page;
  const view = asOf(page.run, index, at, null);
  assert.equal(view.steps.extent, "all");
  const question = { at, portions, hold: null, index };
  const talk = page.bring(() => pictures.at({ ...question, run: page.run }));
  const events = page.bring(() => newestRows(page.run, index, at, { ...ALL, limit: 40 }));
  const few = { ...EVERYTHING, types: new Set(["tool_call", "node_heartbeat"]), text: "doe" };
  const found = page.bring(() =>
    newestRows(page.run, index, at, { ...ALL, limit: 30, depth: 700, filter: few }),
  );
  const step = (move: typeof nextEvent) => {
    for (;;) {
      const found = move(index, at === Number.POSITIVE_INFINITY ? T0 + 1e9 : at);
      if (found.kind === "found") return found.at;
      assert.ok(found.kind === "pages");
      for (const part of found.parts) page.fill(part);
    }
  };
  return {
    view: { ...view, steps: null },
    steps: Array.from({ length: view.steps.count }, (_, attempt) => attemptAt(view.steps, attempt)),
    turns: talk.turns.map((turn) => ({
      ...turn,
      of: index.stepOfTurn(turn.sessionId, turn),
    })),
    hasEarlier: talk.hasEarlier,
    events,
    found,
    next: step(nextEvent),
    previous: step(previousEvent),
  };
}

test("a page that was opened a second ago shows what one shows that holds the run whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      runs,
      tails,
      moments,
      fc.boolean(),
      fc.integer({ min: 1, max: 2 }),
      async (run, tail, ats, lets, portions) => {
        const whole = new ServedRun(run, (length) => length);
        const late = new ServedRun(run, () => tail);
        await late.learn();
        const [wholePictures, latePictures] = [new ConversationPictures(), new ConversationPictures()];
        for (const ms of ats) {
          const at = T0 + ms;
          assert.deepEqual(
            shownAt(late, latePictures, at, portions),
            shownAt(whole, wholePictures, at, portions),
          );
          if (lets) late.release();
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what is shown is the end of the whole conversation, entry by entry", async () => {
  await fc.assert(
    fc.asyncProperty(runs, moments, async (run, ats) => {
      const page = new ServedRun(run, () => 1);
      await page.learn();
      const pictures = new ConversationPictures();
      for (const ms of ats) {
        const at = T0 + ms;
        const { turns } = page.bring(() =>
          pictures.at({ run: page.run, index: page.index, at, portions: 1, hold: null }),
        );
        for (const [id, { events }] of Object.entries(run.sessions)) {
          const all = wholeConversation(events, at);
          const shown = turns.filter(({ sessionId }) => sessionId === id);
          const cut = shown[0]?.isCut === true ? 1 : 0;
          const entries = shown.flatMap((turn) => turn.entries).slice(cut);
          if (entries.length === 0) continue;
          const expected = [...all.entries].slice(-entries.length);
          assert.deepEqual(entries, expected);
          const turnLines = [...all.turns].slice(-shown.length).map(({ line }) => line);
          assert.deepEqual(
            shown.map(({ line }) => line),
            turnLines,
          );
          assert.equal(shown.at(-1)?.isAsked, all.request.kind === "prompt");
        }
      }
    }),
    { numRuns: 100 },
  );
});

function wholeConversation(events: Log<SessionEvent>, at: number): Conversation {
  let latest = Number.NEGATIVE_INFINITY;
  let state = emptyConversation(0);
  for (const [line, event] of events.entries(0, events.length)) {
    const time = Date.parse(event.at);
    if (time > latest) latest = time;
    if (latest > at) break;
    state = conversationStep(state, event, line);
  }
  return state;
}

test("a message of thousands of parts is shown by its newest ones, and earlier ones on request", async () => {
  const events = Array.from({ length: 20_000 }, (_, line) =>
    said(line, line * 10, chunk("agent_message", `w${line} `)),
  );
  const run = madeRun({
    sessions: { main: { id: "main", binding: null, record: null, events: Log.from(events) } },
  });
  const page = new ServedRun(run, () => 512);
  await page.learn();
  const pictures = new ConversationPictures();
  const draw = (portions: number) =>
    page.bring(() =>
      pictures.at({ run: page.run, index: page.index, at: T0 + 150_000, portions, hold: null }),
    );
  const first = draw(1);
  assert.equal(first.turns.length, 1);
  assert.equal(first.turns[0]?.isCut, true);
  assert.equal(first.hasEarlier, true);
  const [entry] = first.turns[0].entries;
  assert.ok(entry?.kind === "agent" && entry.text.endsWith("w15000 "));
  const [longer] = draw(2).turns[0]?.entries ?? [];
  assert.ok(longer?.kind === "agent" && longer.text.endsWith(entry.text));
  assert.ok(longer.text.length > entry.text.length);
  assert.ok(page.asked.every(({ from, to }) => to - from <= 3 * 4096));
});

test("an entry that is the same at a later moment is the very same object", async () => {
  const run = madeRun({
    sessions: {
      main: {
        id: "main",
        binding: null,
        record: null,
        events: Log.tail<SessionEvent>(0, randomEvents(7, 4000)),
      },
    },
  });
  const page = new ServedRun(run, () => 512);
  await page.learn();
  const pictures = new ConversationPictures();
  const draw = (at: number) =>
    page.bring(() => pictures.at({ run: page.run, index: page.index, at, portions: 1, hold: null }));
  let before = draw(T0 + 9000);
  for (let at = T0 + 9010; at < T0 + 14_000; at += 10) {
    const after = draw(at);
    const known = new Map(before.turns.flatMap(({ entries }) => entries.map((entry) => [entry.line, entry])));
    let changed = 0;
    for (const { entries } of after.turns)
      for (const entry of entries) {
        const old = known.get(entry.line);
        if (old === undefined || old === entry) continue;
        changed += 1;
        assert.notDeepEqual(old, entry);
      }
    assert.ok(changed <= 4, `${changed} entries changed within 10 ms`);
    before = after;
  }
});
