import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";
import { sessionFacts } from "../../viewer/coding/session-at.ts";
import { turnDetails } from "../../viewer/coding/turn-at.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { detailsAt } from "../../viewer/details/details-at.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { WholeDigests } from "../helpers/whole-digests.ts";
import { ServedRun } from "../viewer/served-run.ts";
import { DATA } from "./recorded.ts";

const skip = existsSync(DATA) ? false : "the recorded sessions are not here (set RUNREEL_TEST_DATA)";
const FORMATS = { "claude-code": claudeCodeFormat, codex: codexFormat } as const;
/** How much of a log a page is sent: all of it, or only the page that grows. */
const TAILS = { whole: (length: number) => length, tail: () => 1 } as const;
/** Moments of each session. */
const MOMENTS = 4;
/** Other moments every time; a failure names the one it was at. */
const SEED = Number(process.env["RUNREEL_TEST_SEED"] ?? Date.now() % 2 ** 31);

for (const [name, format] of Object.entries(FORMATS)) {
  test(`at any moment a session shows what its lines until then tell: ${name}`, { skip }, async () => {
    let sessions = 0;
    for (const place of await sessionFiles(join(DATA, name))) {
      const run = await opened(format, place);
      if (run === null) continue;
      sessions += 1;
      const times = timesOf(run);
      const [first = 0] = times;
      const last = times.at(-1) ?? first;
      const atLine = fc.constantFrom(...(times.length === 0 ? [0] : times));
      const moments = fc.oneof(fc.integer({ min: first, max: Math.max(first, last) }), atLine);
      for (const at of fc.sample(moments, { numRuns: MOMENTS, seed: SEED })) {
        const fresh = shown(new ServedRun(cut(run, at), TAILS.whole), Number.POSITIVE_INFINITY);
        for (const [held, tail] of Object.entries(TAILS)) {
          const served = new ServedRun(run, tail);
          await served.learn();
          assert.deepEqual(shown(served, at), fresh, `${place} at ${at}, ${held} held (seed ${SEED})`);
        }
      }
    }
    assert.ok(sessions > 3);
  });
}

/** All that the page shows of a session but its timeline, which shows the way on purpose: as plain values. */
function shown(of: ServedRun, at: number) {
  const { index } = of;
  const view = asOf(of.run, index, at, null);
  assert.equal(view.steps.extent, "all");
  const steps = Array.from({ length: view.steps.count }, (_, step) => step);
  const talk = Object.keys(of.run.sessions).map((id) => {
    const pictures = new ConversationPictures();
    return of.bring(() => pictures.at({ run: onlyOf(of.run, id), index, at, portions: 20, hold: null }))
      .turns;
  });
  const { agents, marks } = index.trace.table;
  const extent = { limit: 500, first: null, depth: 50_000 };
  return {
    turns: steps.map((step) => ({
      attempt: attemptAt(view.steps, step),
      figures: turnDetails(index, step, at),
      details: of.bring(() => detailsAt(of.run, index, step, at)),
    })),
    currentNode: view.currentNode,
    facts: sessionFacts(of.run, index, at),
    agents: agents.by(at),
    marks: marks.by(at),
    events: of.bring(() => newestRows(of.run, index, at, { ...extent, filter: EVERYTHING })),
    talk: talk.filter((turns) => turns.length > 0),
  };
}

function onlyOf(run: RunState, id: string): RunState {
  const session = run.sessions[id];
  return { ...run, sessions: session === undefined ? {} : { [id]: session } };
}

async function sessionFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => join(folder, name));
}

async function opened(format: CodingFormat, place: string): Promise<RunState | null> {
  const following = new Following(
    codingSource(format, new WholeDigests(format), new ManualClock(Date.now())),
    place,
  );
  const read = await following.follower.read("all");
  following.follower.close();
  // As it was while it went on: what only its end tells has no past.
  return read.kind === "read" ? { ...following.state, status: "running", run: {} } : null;
}

/** The run of the lines up to the first that was written later, in each log. */
function cut(run: RunState, at: number): RunState {
  const known = <Line extends { readonly at: string }>(log: Log<Line>): Log<Line> => {
    const lines = [...log].filter((line) => line !== undefined);
    const later = lines.findIndex((line) => Date.parse(line.at) > at);
    return Log.from(later === -1 ? lines : lines.slice(0, later));
  };
  const sessions = Object.entries(run.sessions).map(([id, session]) => [
    id,
    { ...session, events: known(session.events) },
  ]);
  // What the state tells as it stands now carries when it was told.
  const planLimits = run.planLimits?.filter((limit) => limit.at <= at) ?? [];
  return { ...run, planLimits, trace: known(run.trace), sessions: Object.fromEntries(sessions) };
}

function timesOf(run: RunState): number[] {
  const stamps = [...run.trace].map((line) => line?.at);
  for (const { events } of Object.values(run.sessions)) for (const line of events) stamps.push(line?.at);
  return stamps
    .map((stamp) => Date.parse(stamp ?? ""))
    .filter(Number.isFinite)
    .toSorted((left, right) => left - right);
}
