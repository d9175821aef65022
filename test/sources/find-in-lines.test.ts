import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test, type TestContext } from "node:test";
import type { Found } from "../../src/protocol/found.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { systemClock } from "../../src/clock.ts";
import { createDraft } from "../../src/store/draft.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";

/** A session of so many chunks, and how to find something in it. */
async function setUp(t: TestContext, texts: readonly string[]) {
  const run = await new AcpxRun(await tempDir(t), "run-a").begin();
  await run.append(run.eventsFile, texts.map((text) => run.chunkLine(text)).join(""));
  const follower = await followed(t, run);
  const ask = async (query: string, before: number | null): Promise<Found> => {
    const asked = { query, before, isWanted: () => true };
    const found = await follower.parts.find(`sessions/${run.sessionId}`, asked);
    assert.ok(found !== undefined);
    return found;
  };
  return {
    ask,
    /** Of all blocks, the newest first. */
    async all(query: string): Promise<Found[]> {
      const blocks: Found[] = [];
      for (let before: number | null | undefined; before !== null;) {
        const found = await ask(query, before ?? null);
        blocks.push(found);
        before = found.next;
      }
      return blocks;
    },
  };
}

async function followed(t: TestContext, run: AcpxRun) {
  const draft = createDraft({ state: null, apply: () => {} });
  const follower = acpxSource(systemClock).follow(run.dir, draft, "tail");
  t.after(() => follower.close());
  await follower.read("all");
  return follower;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

test("a word that came letter by letter is found everywhere, where two blocks meet too", async (t) => {
  // One word every 208 lines; the first two blocks meet in the middle of one.
  const letters = Array.from({ length: 20_000 }, (_, line) => ALPHABET[(line % 208) - 36] ?? "-");
  assert.match(letters.slice(11_904 - 3, 11_904 + 3).join(""), /^[a-z]+$/);
  const { all } = await setUp(t, letters);
  const blocks = await all(ALPHABET);
  assert.equal(blocks[0]?.next, 11_904);
  const hits = blocks.flatMap((found) => found.hits);
  const ends = letters.flatMap((letter, line) => (letter === "z" ? [line] : []));
  assert.deepEqual(hits.map(({ line }) => line).toReversed(), ends);
  for (const { match, text } of hits) assert.equal(text.slice(...match), ALPHABET);
  const inside = hits.filter(({ line }) => line > 100 && line < 19_900);
  assert.ok(inside.every(({ text }) => text.length > 100 && text.startsWith("…") && text.endsWith("…")));
});

test("a block is bounded, and what stands on every line fills no answer", async (t) => {
  const { all, ask } = await setUp(
    t,
    Array.from({ length: 10_000 }, (_, line) => `line ${line} `),
  );
  const none = await all("nowhere");
  assert.deepEqual(
    none.map(({ hits, next }) => [hits.length, next]),
    [
      [0, 1_920],
      [0, null],
    ],
  );
  const first = await ask("line", null);
  assert.equal(first.hits.length, 50);
  assert.deepEqual([first.hits[0]?.line, first.next], [9_999, 9_950]);
  const second = await ask("line", 9_950);
  assert.equal(second.hits[0]?.line, 9_949, "it goes on where it left off");
  assert.equal((await ask("line", 0)).next, null);
  assert.equal((await ask("line", 1e12)).hits[0]?.line, 9_999);
});

test("a search leaves other work its turn", async (t) => {
  const { all } = await setUp(
    t,
    Array.from({ length: 20_000 }, () => "x".repeat(1_000)),
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const blocks = await all("nowhere");
  delay.disable();
  assert.ok(blocks.length > 4, "a block is bounded in bytes, too");
  t.diagnostic(`the longest wait took ${Math.round(delay.max / 1e6)} ms`);
});

test("H10 of heartbeats that say the same again and again the first is found, in a few answers", async (t) => {
  const run = await new AcpxRun(await tempDir(t), "run-a").begin();
  const waiting = { nodeId: "wait", attemptId: "wait#1" };
  const watching = { nodeId: "watch", attemptId: "watch#1" };
  const beat = { statusDetail: "the build goes on" };
  let seq = 10;
  const line = (type: string, fields: object, payload: object) =>
    `${JSON.stringify({ seq: ++seq, at: "2026-01-02T03:05:05.000Z", runId: "run-a", scope: "node", type, ...fields, payload })}\n`;
  const beats = (count: number) =>
    Array.from({ length: count }, () => [
      line("node_heartbeat", waiting, beat),
      // Of another attempt, which says something else: that changes nothing.
      line("node_heartbeat", watching, { statusDetail: "watched" }),
    ])
      .flat()
      .join("");
  const other = line("artifact_written", waiting, {});
  await run.append(
    "trace.ndjson",
    beats(12_000) + other + beats(2) + line("node_heartbeat", waiting, { statusDetail: "Build failed" }),
  );
  const { parts } = await followed(t, run);
  const lines: number[] = [];
  let answers = 0;
  for (let before: number | null | undefined; before !== null; answers += 1) {
    const found: Found | undefined = await parts.find("trace", {
      query: "build",
      before: before ?? null,
      isWanted: () => true,
    });
    assert.ok(found !== undefined);
    lines.push(...found.hits.map((hit) => hit.line));
    before = found.next;
  }
  // The first of all stands behind the two lines that begin the run; two blocks meet among the others.
  assert.deepEqual(lines, [2 + 24_000 + 1 + 4, 2 + 24_000 + 1, 2]);
  assert.equal(answers, 3, "a block of the log each");
});
