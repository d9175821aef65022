import assert from "node:assert/strict";
import { appendFile, copyFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import type { ReadProblem } from "../../src/protocol/bundle.ts";
import { BundleFile } from "../../src/sources/bundle-file.ts";
import { type LineKind, PagedLines } from "../../src/sources/paged-lines.ts";
import { Turns } from "../../src/sources/turns.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const Item = v.object({ at: v.string(), n: v.number(), text: v.optional(v.string()) });
type Item = v.InferOutput<typeof Item>;

const kind: LineKind<Item> = {
  schema: Item,
  stampOf: ({ at }) => at,
  rowsOf: ({ n }, line, at) => (n % 100 === 0 ? [{ line, at, is: "turn", id: String(n) }] : []),
  saidIn: () => null,
  isHeartbeat: ({ text }) => text === "beat",
  skim: () => null,
};

function lineOf(n: number, text?: string): string {
  return `${JSON.stringify({ at: new Date(1_700_000_000_000 + n).toISOString(), n, text })}\n`;
}

function follow(path: string, own: Partial<LineKind<Item>> = {}, logs = 1) {
  const taken: (Item | null)[] = [];
  const problems: Omit<ReadProblem, "file">[] = [];
  const begun: number[] = [];
  const clock = new ManualClock();
  const pages = new PagedLines(
    new BundleFile(dirname(path), basename(path)),
    { ...kind, ...own },
    clock,
    {
      begin: (from) => begun.push(from),
      take: (item) => taken.push(item),
      report: (problem) => problems.push(problem),
    },
    { logs: () => logs, turns: new Turns() },
  );
  const range = async (from: number, to: number) => JSON.parse((await pages.range(from, to)) ?? "null");
  return { pages, taken, problems, begun, clock, range };
}

test("a window of long lines is cut by its bytes, and still begins at a page", async (t) => {
  const path = join(await tempDir(t), "log");
  const long = "x".repeat(16 * 1024);
  await writeFile(path, Array.from({ length: 700 }, (_, n) => lineOf(n, long)).join(""));
  const log = follow(path);
  await log.pages.read();
  assert.deepEqual(log.begun, [640]);
  assert.equal(log.taken.length, 60);
});

test("a range of long lines ends early, at a page, and the next one goes on", async (t) => {
  const path = join(await tempDir(t), "log");
  const long = "x".repeat(20 * 1024);
  await writeFile(path, Array.from({ length: 900 }, (_, n) => lineOf(n, long)).join(""));
  const log = follow(path);
  await log.pages.read();
  let from = 0;
  const lengths: number[] = [];
  while (from < 896) {
    const { entries } = await log.range(from, 896);
    lengths.push(entries.length);
    assert.equal(entries[0].n, from);
    from += entries.length;
  }
  assert.ok(lengths.length > 2 && lengths.every((length) => length % 128 === 0), lengths.join());
});

test("a line too long to be read is a hole in a range, and is told of once the older part is scanned", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 200 }, (_, n) => lineOf(n)).join(""));
  await appendFile(path, lineOf(200, "x".repeat(9 * 1024 * 1024)));
  await appendFile(path, Array.from({ length: 1_000 }, (_, n) => lineOf(201 + n)).join(""));
  const log = follow(path);
  await log.pages.read();
  assert.equal(await log.pages.scan(), true);
  const { entries } = await log.range(128, 256);
  assert.equal(entries[72], null);
  assert.equal(entries[73].n, 201);
  assert.deepEqual(
    log.problems.map((problem) => problem.kind),
    ["too_long"],
  );
});

test("a last line without its newline has its number once, and the newline that comes later adds none", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 127 }, (_, n) => lineOf(n)).join("") + lineOf(127).trimEnd());
  const log = follow(path);
  await log.pages.read();
  await log.pages.read();
  log.clock.advance(1_000);
  await log.pages.read();
  assert.equal(log.taken.length, 128);
  assert.equal((await log.range(0, 128)).entries.at(-1)?.n, 127);
  await appendFile(path, `\n${lineOf(128)}`);
  await log.pages.read();
  assert.deepEqual(
    log.taken.map((item) => item?.n),
    Array.from({ length: 129 }, (_, n) => n),
  );
});

test("a copy that takes the file's place is read on, its older parts too", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 1_000 }, (_, n) => lineOf(n)).join(""));
  const log = follow(path);
  await log.pages.read();
  await copyFile(path, `${path}.copy`);
  await appendFile(`${path}.copy`, lineOf(1_000));
  await rename(`${path}.copy`, path);
  assert.equal(await log.pages.range(0, 128), undefined, "not before it is known to be the same");
  assert.equal((await log.pages.read()).kind, "read");
  assert.equal((await log.range(0, 128)).entries.length, 128);
  assert.equal(log.taken.at(-1)?.n, 1_000);
});

test("what is closed in the middle of a scan reads no further, and answers nothing", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 20_000 }, (_, n) => lineOf(n, "x".repeat(100))).join(""));
  const log = follow(path);
  await log.pages.read();
  const times = log.pages.times();
  log.pages.close();
  assert.equal(await times, undefined);
});

test("a stamp that looks like a time and is none hides no other", async (t) => {
  const path = join(await tempDir(t), "log");
  const lines = Array.from({ length: 1_000 }, (_, n) => lineOf(n));
  for (const [n, at] of [
    [10, "2023-99-14T22:13:20.000Z"],
    [300, "2024-02-31T22:13:20.000Z"],
    [301, "9999-12-28T99:13:20.000Z"],
  ] as const)
    lines[n] = `${JSON.stringify({ at, n })}\n`;
  await writeFile(path, lines.join(""));
  const log = follow(path);
  await log.pages.read();
  const { ends } = JSON.parse((await log.pages.times()) ?? "null");
  const newest = (end: number) =>
    Math.max(...lines.slice(0, end).map((line) => Date.parse(JSON.parse(line).at) || 0));
  assert.deepEqual(
    ends,
    Array.from({ length: 7 }, (_, page) => newest((page + 1) * 128)),
  );
});

test("half a line with another behind it is no line, also for who only skims it", async (t) => {
  const path = join(await tempDir(t), "log");
  const lines = Array.from({ length: 1_000 }, (_, n) => lineOf(n));
  lines[10] = `${lineOf(10).slice(0, 40)}${lineOf(900_000_000)}`;
  await writeFile(path, lines.join(""));
  const log = follow(path, { skim: (beginning) => /^\{"at":"([^"]+)"/.exec(beginning)?.[1] ?? null });
  await log.pages.read();
  assert.equal(await log.pages.scan(), true);
  assert.deepEqual(
    log.problems.map(({ kind: what }) => what),
    ["malformed"],
  );
  const { ends } = JSON.parse((await log.pages.times()) ?? "null");
  assert.equal(ends[0], Date.parse(JSON.parse(lineOf(127)).at));
});

test("a page has room for some megabytes: past them its long lines are holes, whoever reads it, and told once", async (t) => {
  const path = join(await tempDir(t), "log");
  const long = "x".repeat(3 * 1024 * 1024);
  const lines = Array.from({ length: 256 }, (_, n) => lineOf(n, n % 16 === 0 ? long : undefined));
  await writeFile(path, lines.join(""));
  const held = follow(path);
  await held.pages.read();
  const { entries } = await held.range(128, 256);
  const holes = entries.flatMap((entry: Item | null, index: number) => (entry === null ? [128 + index] : []));
  assert.deepEqual(holes, [160, 176, 192, 208, 224, 240]);
  assert.deepEqual(held.begun, [128]);
  assert.deepEqual(
    held.taken.flatMap((item, index) => (item === null ? [128 + index] : [])),
    holes,
  );
  await held.pages.scan();
  assert.equal(held.problems.length, 12);
});

test("a file that is written anew in place gives no parts of what it was, nor of what it is", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 1_000 }, (_, n) => lineOf(n)).join(""));
  const log = follow(path);
  await log.pages.read();
  await writeFile(path, Array.from({ length: 1_200 }, (_, n) => lineOf(5_000 + n)).join(""));
  assert.equal(await log.pages.range(0, 128), undefined);
  assert.equal((await log.pages.read()).kind, "rewritten");
});

test("of hundreds of logs each holds its share of what all may hold", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, Array.from({ length: 1_000 }, (_, n) => lineOf(n)).join(""));
  for (const [logs, begins] of [
    [1, 384],
    [16, 640],
    [500, 896],
  ] as const) {
    const log = follow(path, {}, logs);
    await log.pages.read();
    assert.deepEqual(log.begun, [begins], `${logs} logs`);
  }
});

test("quiet spells follow from the lines alone, whatever form their stamps have", async (t) => {
  const T0 = Date.UTC(2026, 0, 30, 23, 50);
  // Now and then a minute without a line, with a heartbeat in it; and a stamp of another form.
  let at = T0;
  const lines = Array.from({ length: 1_500 }, (_, n) => {
    at += n % 97 === 0 ? 31_000 : n % 97 === 1 ? 31_000 : n % 13 === 0 ? 9_999 : 700;
    const stamp = new Date(at).toISOString();
    return {
      at: n % 211 === 0 ? stamp.replace("Z", "+00:00") : stamp,
      n,
      text: n % 97 === 0 ? "beat" : "word",
    };
  });
  const path = join(await tempDir(t), "log");
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const log = follow(path);
  await log.pages.read();
  const { first, last, quiet } = JSON.parse((await log.pages.times()) ?? "null");

  const times = lines.filter(({ text }) => text !== "beat").map((line) => Date.parse(line.at));
  const expected = times.flatMap((to, index) => {
    const from = times[index - 1] ?? to;
    return to - from > 10_000 ? [[from, to]] : [];
  });
  assert.ok(expected.length > 10);
  assert.deepEqual(quiet, expected);
  assert.deepEqual([first, last], [times[0], times.at(-1)]);
});
