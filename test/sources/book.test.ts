import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { systemClock } from "../../src/clock.ts";
import { addUsage, NO_USAGE, Usage } from "../../src/protocol/usage.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";
import type { Digest, SessionNews } from "../../src/sources/coding/digests.ts";
import type { Fact } from "../../src/sources/coding/fact.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import { BookCache } from "../../src/sources/coding/book/book-cache.ts";
import { Ledger } from "../../src/sources/coding/book/ledger.ts";
import { SessionBook } from "../../src/sources/coding/book/session-book.ts";
import { Following } from "../helpers/following.ts";
import { answered, madeFormat, madeLines } from "../helpers/made-sessions.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";

const AT = Date.UTC(2026, 10, 20, 12);
/** So long that a file is not read whole at once, however young it is. */
const FILLER = madeLines(
  ...Array.from({ length: 5_000 }, () => ({ is: "answer", at: AT, text: "x".repeat(40) }) as const),
);

interface Opened {
  readonly book: SessionBook;
  readonly news: SessionNews[];
  readonly changed: string[];
  /** What of all that was told is counted. */
  total(): Usage;
  /** A session's digest, once it was read whole. */
  whole(place: string): Promise<Digest>;
  output(place: string): Promise<number | undefined>;
}

function openBook(
  t: { after: (end: () => Promise<void>) => void },
  cacheFile: string | null = null,
  format: CodingFormat = madeFormat,
): Opened {
  const news: SessionNews[] = [];
  const changed: string[] = [];
  let total: Usage = NO_USAGE;
  const book = new SessionBook({
    formats: [format],
    clock: systemClock,
    cacheFile,
    onChange: (place) => changed.push(place),
    onError: (error) => assert.fail(String(error)),
  });
  book.onNews((told) => news.push(told));
  book.onMoved(({ usage }) => (total = addUsage(total, usage)));
  t.after(() => book.close());
  const whole = async (place: string) => {
    let digest: Digest | undefined;
    const isWhole = async () => {
      digest = (await book.look(place))?.digest;
      return digest !== undefined && digest.usage !== null;
    };
    await until(isWhole, () => JSON.stringify(digest));
    assert.ok(digest);
    return digest;
  };
  const output = async (place: string) => (await whole(place)).usage?.outputTokens;
  return { book, news, changed, total: () => total, whole, output };
}

test("a session that was not read is told of by its head and its end, and then whole", async (t) => {
  const place = join(await tempDir(t), "a.made");
  const head = madeLines(
    { is: "about", about: { project: "/parcels" } },
    { is: "prompt", at: AT, text: "Sort them" },
  );
  const end = madeLines(answered("a", 5), { is: "turn-over", at: AT + 1_000, outcome: "ok", error: null });
  await writeFile(place, head + FILLER + end);
  await utimes(place, 1, 1);
  const { book, changed, whole } = openBook(t);
  const first = await book.look(place);
  assert.deepEqual(
    [
      first?.digest.title,
      first?.digest.project,
      first?.digest.usage,
      first?.digest.turns,
      first?.digest.newestAt,
    ],
    ["Sort them", "/parcels", null, null, AT + 1_000],
  );
  assert.deepEqual(first?.digest.state, { is: "idle", outcome: "ok" });
  assert.deepEqual(book.progress, { done: 0, of: 1 });
  const digest = await whole(place);
  assert.deepEqual([digest.turns, digest.usage?.outputTokens], [1, 5]);
  assert.deepEqual(changed, [place]);
  assert.equal(book.progress, null);
  assert.equal(await book.look(join(place, "..", "b.made")), null);
});

test("what a session grows by is told as it comes, however its bytes are cut", async (t) => {
  const place = join(await tempDir(t), "a.made");
  await writeFile(place, madeLines({ is: "prompt", at: AT, text: "Sort them" }, answered("a", 5)));
  const { book, news, total } = openBook(t);
  assert.equal((await book.look(place))?.digest.usage?.outputTokens, 5);
  news.length = 0;
  const call = {
    is: "call",
    at: AT,
    id: "c",
    tool: "Bash",
    kind: "execute",
    title: "ls",
    path: null,
    asks: false,
  } as const;
  const more = Buffer.from(madeLines(answered("a", 8), call, answered("ü", 1)).trimEnd());
  for (let from = 0; from < more.length; from += 37) {
    await appendFile(place, more.subarray(from, from + 37));
    await book.look(place);
  }
  // The last line has no newline, and counts.
  const look = await book.look(place);
  assert.equal(look?.digest.usage?.outputTokens, 9);
  assert.equal(look?.digest.state.is, "working");
  const told = news.flatMap(({ isLive, news }) => news.map((fact) => ({ isLive, fact })));
  assert.deepEqual(
    told.map(({ fact, isLive }) => [fact.is, isLive, fact.is === "usage" ? fact.usage.outputTokens : 0]),
    [
      ["usage", true, 3],
      ["call", true, 0],
      ["usage", true, 1],
    ],
  );
  assert.equal(total().outputTokens, 9);
});

test("an agent's files are its session's, those that come later too", async (t) => {
  const dir = await tempDir(t);
  const place = join(dir, "a.made");
  await mkdir(join(dir, "a-agents"));
  await writeFile(place, madeLines(answered("a", 5)));
  await writeFile(join(dir, "a-agents", "one.made"), madeLines(answered("b", 6, { at: AT + 5 })));
  const { book, news } = openBook(t);
  const first = await book.look(place);
  assert.deepEqual([first?.digest.usage?.outputTokens, first?.digest.newestAt], [11, AT + 5]);
  assert.deepEqual(first?.folders, [dir, join(dir, "a-agents")]);
  news.length = 0;
  await writeFile(join(dir, "a-agents", "two.made"), madeLines(answered("c", 7)));
  const second = await book.look(place);
  assert.equal(second?.digest.usage?.outputTokens, 18);
  assert.notEqual(second?.stamp, first?.stamp);
  assert.deepEqual(
    news.map(({ isLive, session }) => [session, isLive]),
    [["two", true]],
  );
});

for (const isRestarted of [false, true]) {
  const when = isRestarted ? "after a restart" : "at once";
  test(`an agent's file that was met before its session is counted for that: ${when}`, async (t) => {
    const dir = await tempDir(t);
    const cache = join(dir, "usage-made");
    const [place, agent] = [join(dir, "a.made"), join(dir, "a-agents", "one.made")];
    const isAgent: CodingFormat["isAgent"] = async (_, file) =>
      file.name === "one.made" && (await stat(place).catch(() => null)) !== null;
    const format = { ...madeFormat, isAgent };
    await mkdir(join(dir, "a-agents"));
    await writeFile(agent, madeLines(answered("b", 6)));
    const before = openBook(t, cache, format);
    assert.equal(await before.output(agent), 6);
    if (isRestarted) await before.book.close();
    const { book, output, total } = isRestarted ? openBook(t, cache, format) : before;
    await writeFile(place, madeLines(answered("a", 5)));
    await until(
      async () => (await output(place)) === 11,
      () => JSON.stringify(total()),
    );
    assert.equal(await book.look(agent), null);
    assert.equal(total().outputTokens, 11);
  });
}

for (const isCopyFirst of [false, true]) {
  const order = isCopyFirst ? "the copy is read first" : "the first is read first";
  test(`what a session repeats of another is counted for the other: ${order}`, async (t) => {
    const dir = await tempDir(t);
    const [first, copy] = [join(dir, "first.made"), join(dir, "copy.made")];
    await writeFile(first, madeLines(answered("a", 5), answered("b", 6)));
    await writeFile(
      copy,
      madeLines(answered("a", 5, { isCopied: true }), answered("b", 9, { isCopied: true }), answered("c", 7)),
    );
    const { book, changed, output, total } = openBook(t);
    for (const place of isCopyFirst ? [copy, first] : [first, copy]) await output(place);
    assert.deepEqual([await output(first), await output(copy)], [14, 7]);
    assert.equal(total().outputTokens, 21);
    assert.ok(changed.includes(isCopyFirst ? copy : first));
    assert.deepEqual(
      [book.isOwn(first, "a"), book.isOwn(copy, "a"), book.isOwn(copy, "c")],
      [true, false, true],
    );
  });
}

test("what a file held that was written anew is taken back; what one held that is gone stays", async (t) => {
  const dir = await tempDir(t);
  const [first, copy] = [join(dir, "first.made"), join(dir, "copy.made")];
  await writeFile(first, madeLines(answered("a", 5), answered("b", 6)));
  await writeFile(copy, madeLines(answered("a", 5, { isCopied: true })));
  const { book, output, total } = openBook(t);
  assert.deepEqual([await output(first), await output(copy)], [11, 0]);
  await writeFile(first, madeLines(answered("d", 1)));
  assert.equal(await output(first), 1);
  // Nobody else holds it any more, so it is the copy's.
  await until(
    async () => (await output(copy)) === 5,
    () => JSON.stringify(total()),
  );
  assert.equal(total().outputTokens, 6);
  await rm(first);
  assert.equal(await book.look(first), null);
  assert.equal(total().outputTokens, 6);
});

test("after a restart the calls of today are told once more: how long they took is not in the cache", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "cache", "usage-made");
  const place = join(dir, "a.made");
  const at = Date.now() - 60_000;
  const ended: Fact = {
    is: "result",
    id: "call-1",
    at: at + 2_000,
    bytes: 10,
    isError: false,
    durationMs: null,
  };
  await writeFile(
    place,
    madeLines(
      answered("a", 5),
      { is: "call", at, id: "call-1", tool: "Bash", kind: "execute", title: "ls", path: null, asks: false },
      ended,
    ),
  );
  const before = openBook(t, cache);
  await before.whole(place);
  await before.book.close();

  const after = openBook(t, cache);
  await after.book.look(place);
  const told = () => after.news.flatMap(({ news }) => news.map(({ is }) => is));
  await until(
    () => Promise.resolve(told().includes("result")),
    () => JSON.stringify(after.news),
  );
  assert.deepEqual(told(), ["call", "result"], "each once, and the answer is not counted again");
  assert.ok(after.news.every(({ isLive }) => !isLive));
  assert.deepEqual(after.total(), before.total());
});

test("after a restart all is counted as before, with a cache and without", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "cache", "usage-made");
  const places = ["a", "b", "c", "gone"].map((name) => join(dir, `${name}.made`));
  const [a = "", b = "", c = "", gone = ""] = places;
  await writeFile(a, madeLines({ is: "about", about: { project: "/parcels" } }, answered("a", 5)) + FILLER);
  await writeFile(
    b,
    madeLines(answered("a", 5, { isCopied: true }), answered("b", 7, { model: "unheard-of" })),
  );
  await writeFile(c, madeLines(answered("c", 1)));
  await writeFile(gone, madeLines(answered("g", 3)));
  for (const place of [a, b, gone]) await utimes(place, 1_000, 1_000);
  const before = openBook(t, cache);
  for (const place of places) await before.whole(place);
  const { usage, ...digest } = await before.whole(a);
  await rm(gone);
  await before.book.look(gone);
  await before.book.close();
  assert.equal((await stat(cache)).mode & 0o777, 0o600);

  await appendFile(c, madeLines(answered("c2", 2)));
  const after = openBook(t, cache);
  const look = await after.book.look(b);
  // All of it is there with the first look, but for what has come since.
  const close = (left: Usage, right: Usage, cost = 0) => {
    assert.deepEqual({ ...left, costUsd: null }, { ...right, costUsd: null });
    assert.ok(Math.abs((left.costUsd ?? 0) - (right.costUsd ?? 0) - cost) < 1e-9);
  };
  close(after.total(), before.total());
  assert.deepEqual([look?.digest.usage?.outputTokens, look?.digest.usage?.costUsd], [7, null]);
  assert.deepEqual(await after.whole(a), { ...digest, usage });
  assert.equal(after.news.length, 0, "what has not changed is not read");
  assert.equal(await after.output(c), 3);
  assert.equal(after.book.isOwn(b, "a"), false);
  await after.book.close();

  const again = openBook(t, cache);
  await again.book.look(a);
  close(again.total(), after.total());
  await again.book.close();

  const without = openBook(t);
  for (const place of [a, b, c]) await without.whole(place);
  await without.book.close();
  // Only what is gone is not known without.
  close(
    addUsage(without.total(), { ...NO_USAGE, ...answered("g", 3).tokens }),
    { ...after.total() },
    -goneCost(after.total(), without.total()),
  );
});

function goneCost(all: Usage, without: Usage): number {
  return (all.costUsd ?? 0) - (without.costUsd ?? 0);
}

test("what was found is told once: what happened lately, and nothing of it as if it happened now", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "usage-made");
  const place = join(dir, "a.made");
  const now = Date.now();
  const call = {
    is: "call",
    id: "c",
    tool: "Bash",
    kind: "execute",
    title: "ls",
    path: null,
    asks: false,
  } as const;
  const old = madeLines({ ...call, at: AT - 9e9 }, answered("a", 5, { at: now - 8 * 3_600_000 }));
  const lately = madeLines({ ...call, at: now - 7 * 3_600_000 }, answered("b", 6, { at: now - 3_600_000 }));
  await writeFile(place, old + lately);
  await utimes(place, now / 1_000 - 60, now / 1_000 - 60);
  const told = (news: readonly SessionNews[]) =>
    news.flatMap(({ isLive, news }) =>
      news.map((fact) => [isLive, fact.is, fact.is === "usage" ? fact.key : ""]),
    );
  const found = [
    [false, "call", ""],
    [false, "usage", "b"],
  ];
  // It began before the book did.
  await until(
    () => Date.now() > now + 20,
    () => "",
  );
  const first = openBook(t, cache);
  await first.whole(place);
  await first.book.look(place);
  assert.deepEqual(told(first.news), found);
  await first.book.close();
  await appendFile(place, madeLines(answered("c", 1, { at: now })));
  const second = openBook(t, cache);
  assert.equal(await second.output(place), 12);
  await until(
    () => second.news.length > 0,
    () => "",
  );
  assert.deepEqual(told(second.news), [...found, [false, "usage", "c"]]);
  await appendFile(place, madeLines(answered("d", 1, { at: now })));
  await second.book.look(place);
  assert.deepEqual(told(second.news).at(-1), [true, "usage", "d"]);
  assert.equal(second.news.length, 2);
});

test("a cache that cannot be read is none", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "usage-made");
  const place = join(dir, "a.made");
  await writeFile(place, madeLines(answered("a", 5)));
  const first = openBook(t, cache);
  await first.whole(place);
  await first.book.close();
  const text = await readFile(cache, "utf8");
  const broken = [
    "",
    "{",
    text.replace('"version":2', '"version":0'),
    text.slice(0, -20),
    text.replaceAll("made", "x"),
  ];
  for (const content of broken) {
    await writeFile(cache, content);
    const { book, output, total } = openBook(t, cache);
    assert.equal(await output(place), 5);
    assert.equal(total().outputTokens, 5);
    await book.close();
  }
});

test("after a restart the calls of the day are told again, as found; so is what was written meanwhile", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "cache", "usage-made");
  const place = join(dir, "a.made");
  const now = Date.now();
  const call = (id: string, at: number): Fact[] => [
    { is: "call", at, id, tool: "Bash", kind: "execute", title: "ls", path: null, asks: false },
    { is: "result", at: at + 1_000, id, isError: false, bytes: 0, durationMs: null },
  ];
  await writeFile(place, madeLines(...call("one", now - 60_000)));
  const before = openBook(t, cache);
  await before.whole(place);
  await before.book.close();

  await appendFile(place, madeLines(...call("two", now - 30_000), ...call("old", 1_000)));
  const after = openBook(t, cache);
  const told = () =>
    after.news.flatMap(({ isLive, news }) => news.map((fact) => `${fact.is} ${isLive ? "live" : "found"}`));
  await until(
    async () => (await after.book.look(place)) !== null && told().length > 0,
    () => told().join(),
  );
  assert.deepEqual(told(), Array.from({ length: 2 }, () => ["call found", "result found"]).flat());
  after.news.length = 0;
  await appendFile(place, madeLines(...call("three", now)));
  await after.book.look(place);
  assert.deepEqual(told(), ["call live", "result live"]);
});

test("what wakes a session that has rested since the restart is told as it is written, and once", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "cache", "usage-made");
  const place = join(dir, "a.made");
  await writeFile(place, madeLines({ is: "prompt", at: 1_000, text: "Sort them" }, answered("a", 5)));
  await utimes(place, 1_000, 1_000);
  const before = openBook(t, cache);
  await before.whole(place);
  await before.book.close();

  const after = openBook(t, cache);
  await after.book.look(place);
  assert.equal(after.news.length, 0);
  await appendFile(place, madeLines(answered("b", 6)));
  await after.book.look(place);
  const told = after.news.flatMap(({ isLive, news }) => news.map((fact) => [fact.is, isLive]));
  assert.deepEqual(told, [["usage", true]]);
});

test("of a session that lies in two roots the one that is left has what both told", async (t) => {
  const dir = await tempDir(t);
  const [first, second] = [join(dir, "one", "a.made"), join(dir, "two", "a.made")];
  for (const place of [first, second]) {
    await mkdir(join(place, ".."));
    await writeFile(place, madeLines(answered("a", 5), answered("b", 6)));
  }
  const { book, output, total } = openBook(t);
  assert.deepEqual([await output(first), await output(second)], [11, 0]);
  await rm(first);
  assert.equal(await book.look(first), null);
  await until(
    async () => (await output(second)) === 11,
    () => JSON.stringify(total()),
  );
  assert.equal(total().outputTokens, 11);
});

test("what is taken back while a session that repeats it is being read is not lost", async (t) => {
  const dir = await tempDir(t);
  const [first, copy] = [join(dir, "first.made"), join(dir, "copy.made")];
  const { book, output, total } = openBook(t);
  await writeFile(first, madeLines(answered("a", 5)));
  assert.equal(await output(first), 5);
  const prompt = { is: "prompt", at: AT, text: "Go on" } as const;
  await writeFile(copy, madeLines(prompt, answered("a", 5, { isCopied: true })) + FILLER.repeat(20));
  const { shifts } = book;
  await book.look(copy);
  // It is read in slices: the other is written anew between two of them.
  await until(
    () => book.shifts > shifts,
    () => "nothing was repeated",
  );
  assert.deepEqual(book.progress, { done: 0, of: 1 });
  await writeFile(first, madeLines(answered("d", 1)));
  assert.equal(await output(first), 1);
  await until(
    async () => (await output(copy)) === 5,
    () => JSON.stringify(total()),
  );
  assert.equal(total().outputTokens, 6);
  assert.equal((await book.look(copy))?.digest.turns, 1);
});

test("the list counts what the page of the session does", async (t) => {
  const place = join(await tempDir(t), "a.made");
  const odd = { ...answered("a", 5).tokens, inputTokens: 1.6, cacheReadTokens: 1e300 };
  const more = { ...odd, cacheWriteTokens: 40 };
  const deep = JSON.stringify(answered("b", 7)).replace("{", `{"x":${"[".repeat(600)}${"]".repeat(600)},`);
  const lines = madeLines(answered("a", 5, { tokens: odd }), answered("a", 5, { tokens: more }));
  await writeFile(place, `${lines}${deep}\n`);
  const { book, whole } = openBook(t);
  const { usage } = await whole(place);
  const following = new Following(codingSource(madeFormat, book, systemClock), place);
  await following.read();
  let told = NO_USAGE;
  for (const line of following.state.trace) {
    if (line?.type === "usage_recorded") told = addUsage(told, v.parse(Usage, line.payload?.["usage"]));
  }
  assert.deepEqual(told, usage);
  assert.deepEqual([told.inputTokens, told.cacheWriteTokens, told.outputTokens], [2, 40, 5]);
  assert.equal(following.state.problems?.count, 1);
});

test("a session that is gone and counts for nothing is not kept", async (t) => {
  const dir = await tempDir(t);
  const cache = join(dir, "usage-made");
  const [first, copy] = [join(dir, "first.made"), join(dir, "copy.made")];
  await writeFile(first, madeLines(answered("a", 5)));
  await writeFile(copy, madeLines(answered("a", 5, { isCopied: true })));
  const { book, output, whole } = openBook(t, cache);
  await whole(copy);
  assert.deepEqual([await output(first), await output(copy)], [5, 0]);
  await rm(copy);
  await book.look(copy);
  await book.close();
  const text = await readFile(cache, "utf8");
  assert.deepEqual([text.includes(first), text.includes(copy)], [true, false]);
});

test("a cache that cannot be written is told of once, and again when something else is wrong", async (t) => {
  const dir = await tempDir(t);
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const ledger = new Ledger({ moved: () => undefined, changed: () => undefined });
  const path = join(dir, "none", "usage-made");
  const onError = (error: unknown) => void errors.push(error);
  const cache = new BookCache({ path, ledger, formats: [madeFormat], clock, onError }, () => []);
  const save = async (count: number) => {
    cache.soon();
    clock.advance(60_000);
    await cache.saved;
    assert.equal(errors.length, count);
  };
  await writeFile(join(dir, "none"), "");
  await save(1);
  await save(1);
  await rm(join(dir, "none"));
  await save(1);
  await rm(join(dir, "none"), { recursive: true });
  await writeFile(join(dir, "none"), "");
  await save(2);
  await cache.close();
});

for (const isRestarted of [false, true]) {
  const when = isRestarted ? ", after a restart too" : "";
  test(`who told the same as one that went is read anew, and nobody else${when}`, async (t) => {
    const dir = await tempDir(t);
    const cache = join(dir, "usage-made");
    const read: string[] = [];
    const facts: CodingFormat["facts"] = (file) => {
      read.push(file.name);
      return madeFormat.facts(file);
    };
    const files = { a: ["k"], b: ["k", "l"], c: ["l"], x: ["m"], y: ["m"], z: ["n"] };
    const place = (name: string) => join(dir, `${name}.made`);
    for (const [name, keys] of Object.entries(files)) {
      await writeFile(place(name), madeLines(...keys.map((key) => answered(key, 5))));
      await utimes(place(name), 1_000, 1_000);
    }
    const before = openBook(t, cache, { ...madeFormat, facts });
    for (const name of Object.keys(files)) await before.whole(place(name));
    if (isRestarted) await before.book.close();
    const { book, output, total } = isRestarted ? openBook(t, cache, { ...madeFormat, facts }) : before;
    for (const name of Object.keys(files)) await book.look(place(name));
    read.length = 0;
    await rm(place("a"));
    await book.look(place("a"));
    await until(
      async () => (await output(place("b"))) === 10 && read.includes("c.made"),
      () => JSON.stringify([read, total()]),
    );
    // Whoever was to be read anew and was not yet is by now.
    for (const name of ["b", "c", "x", "y", "z"]) await book.look(place(name));
    assert.deepEqual([...new Set(read)].toSorted(), ["b.made", "c.made"]);
    assert.equal(total().outputTokens, 20);
  });
}

test("what a copy tells beyond its original, the original's trace tells too: at once, and when it comes", async (t) => {
  const dir = await tempDir(t);
  const [first, copy] = [join(dir, "first.made"), join(dir, "copy.made")];
  const later = answered("a", 9, { isCopied: true });
  await writeFile(first, madeLines(answered("a", 2), answered("a", 5), answered("b", 6)));
  await writeFile(copy, madeLines(later));
  const { book, output } = openBook(t);
  const open = async () => {
    const following = new Following(codingSource(madeFormat, book, systemClock), first);
    await following.read();
    const usages = () =>
      [...following.state.trace].flatMap((line) =>
        line?.type === "usage_recorded" ? [v.parse(Usage, line.payload?.["usage"])] : [],
      );
    return { following, usages };
  };
  const outputs = (usages: readonly Usage[]) => usages.map(({ outputTokens }) => outputTokens);
  assert.equal(await output(first), 11);
  const early = await open();
  assert.deepEqual(outputs(early.usages()), [2, 3, 6]);
  assert.deepEqual([await output(copy), await output(first)], [0, 15]);
  await early.following.read();
  await early.following.read();
  const late = await open();
  for (const { usages } of [early, late]) {
    assert.deepEqual(outputs(usages()), [2, 3, 6, 4], "what was told before stays as it was");
    const { costUsd, ...sum } = usages().reduce(addUsage, NO_USAGE);
    const { usage } = (await book.look(first))?.digest ?? {};
    assert.deepEqual({ ...sum, costUsd: null }, { ...usage, costUsd: null });
    assert.ok(Math.abs((costUsd ?? 0) - (usage?.costUsd ?? 1)) < 1e-9);
  }
});
