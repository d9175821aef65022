import assert from "node:assert/strict";
import { appendFile, copyFile, mkdtemp, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { BundleFile } from "../../src/sources/bundle-file.ts";
import { MAX_LINE_BYTES, SETTLE_MS, Tail, type TailItem } from "../../src/sources/tail.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";

function textsOf(items: readonly TailItem[]): string[] {
  return items
    .filter((item) => item.kind !== "blank")
    .map((item) => (item.kind === "line" ? item.text : `too long: ${item.bytes}`));
}

/** A tail and all it has given so far. */
function follow(path: string, clock = new ManualClock()) {
  const items: TailItem[] = [];
  const tail = new Tail(new BundleFile(dirname(path), basename(path)), clock);
  return { clock, tail, items, read: () => tail.read((item) => items.push(item)) };
}

test("complete lines are given once, in order; half a line waits for its rest", async (t) => {
  const path = join(await tempDir(t), "log");
  const log = follow(path);
  assert.equal((await log.read()).kind, "missing");
  await writeFile(path, "");
  await log.read();
  await appendFile(path, "one\ntw");
  await log.read();
  assert.deepEqual(textsOf(log.items), ["one"]);
  await appendFile(path, "o\nthree\n");
  await log.read();
  await log.read();
  assert.deepEqual(textsOf(log.items), ["one", "two", "three"]);
  assert.deepEqual(
    log.items.map((item) => item.offset),
    [0, 4, 8],
  );
});

test("cut at any byte and read as it grows, a file gives the lines it gives at once", async (t) => {
  const dir = await tempDir(t);
  const line = fc.string({ unit: "grapheme", maxLength: 80 }).map((text) => text.replaceAll(/[\r\n]/g, " "));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.array(fc.nat(200), { maxLength: 10 }),
      async (texts, cuts) => {
        const work = await mkdtemp(join(dir, "p-"));
        const path = join(work, "log");
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
        const log = follow(path);
        let at = 0;
        for (const cut of cuts) {
          await appendFile(path, bytes.subarray(at, at + cut));
          at += cut;
          await log.read();
        }
        await appendFile(path, bytes.subarray(at));
        await log.read();
        assert.deepEqual(
          textsOf(log.items),
          texts.filter((text) => text.trim() !== ""),
        );
        await rm(work, { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
});

test("a line that is too long is counted and passed over, and never held", async (t) => {
  const path = join(await tempDir(t), "log");
  const log = follow(path);
  await appendFile(path, "before\n");
  const part = Buffer.alloc(MAX_LINE_BYTES / 4, "x");
  for (let written = 0; written < 5; written += 1) {
    await appendFile(path, part);
    await log.read();
  }
  await appendFile(path, "\nafter\n");
  await log.read();
  assert.deepEqual(textsOf(log.items), ["before", `too long: ${5 * part.length}`, "after"]);
  assert.equal(log.items[1]?.offset, 7);
});

test("a file that was cut and does not grow back is told as rewritten, after a while", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, "one\ntwo\n");
  const log = follow(path);
  await log.read();
  await truncate(path, 0);
  const first = await log.read();
  assert.ok(first.kind === "read" && first.readAgainIn !== undefined);
  log.clock.advance(SETTLE_MS + 1);
  assert.equal((await log.read()).kind, "rewritten");
});

test("a file written anew with the same beginning is simply read on", async (t) => {
  const dir = await tempDir(t);
  const path = join(dir, "log");
  await writeFile(path, "one\ntwo\n");
  const log = follow(path);
  await log.read();
  // In place: for a moment the file is empty.
  await truncate(path, 0);
  await log.read();
  await writeFile(path, "one\ntwo\nthree\n");
  assert.equal((await log.read()).kind, "read");
  // By another file under its name.
  await writeFile(join(dir, "other"), "one\ntwo\nthree\nfour\n");
  await rename(join(dir, "other"), path);
  assert.equal((await log.read()).kind, "read");
  assert.deepEqual(textsOf(log.items), ["one", "two", "three", "four"]);
});

test("another file of the same or a greater length is told as rewritten", async (t) => {
  const dir = await tempDir(t);
  const path = join(dir, "log");
  await writeFile(path, "one\ntwo\n");
  const log = follow(path);
  await log.read();
  await writeFile(join(dir, "other"), "eins\nzwei\ndrei\n");
  await copyFile(join(dir, "other"), path);
  assert.equal((await log.read()).kind, "rewritten");
  assert.deepEqual(textsOf(log.items), ["one", "two"]);
});

test("a file of the same length and other content is told as rewritten", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, "one\ntwo\n");
  const log = follow(path);
  await log.read();
  await writeFile(path, "uno\ndue\n");
  const at = Date.now() / 1000 + 5;
  await utimes(path, at, at);
  assert.equal((await log.read()).kind, "rewritten");
});

test("a file that goes away and comes back is read on", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, "one\n");
  const log = follow(path);
  await log.read();
  await rm(path);
  assert.equal((await log.read()).kind, "missing");
  await writeFile(path, "one\ntwo\n");
  await log.read();
  assert.deepEqual(textsOf(log.items), ["one", "two"]);
});

test("a last line without its newline is given once the file is quiet and the line is whole", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, '{"a":1}\n{"b":');
  const log = follow(path);
  await log.read();
  log.clock.advance(5_000);
  await log.read();
  assert.deepEqual(textsOf(log.items), ['{"a":1}'], "half an object stays half");
  await appendFile(path, "2}");
  await log.read();
  await log.read();
  assert.equal(log.items.length, 1, "it may still be growing");
  log.clock.advance(5_000);
  await log.read();
  await appendFile(path, '\n{"c":3}\n');
  await log.read();
  assert.deepEqual(textsOf(log.items), ['{"a":1}', '{"b":2}', '{"c":3}']);
});

test("a last line that was given out early and is then written on was no line: the file is another", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, '{"a":1}\n{"b":2}');
  const log = follow(path);
  await log.read();
  await log.read();
  log.clock.advance(1_000);
  await log.read();
  assert.deepEqual(textsOf(log.items), ['{"a":1}', '{"b":2}']);
  await appendFile(path, '{"c":3}\n');
  assert.equal((await log.read()).kind, "rewritten");
});

test("a last line without its newline is given at once where the file was at rest when it was first seen", async (t) => {
  const path = join(await tempDir(t), "log");
  await writeFile(path, '{"a":1}\n{"b":2}');
  const young = follow(path, new ManualClock(Date.now()));
  await young.read();
  assert.deepEqual(textsOf(young.items), ['{"a":1}']);
  const old = follow(path, new ManualClock(Date.now() + 60_000));
  const first = await old.read();
  assert.deepEqual(textsOf(old.items), ['{"a":1}', '{"b":2}']);
  assert.ok(first.kind === "read" && first.readAgainIn === undefined);
  await appendFile(path, '\n{"c":3}\n');
  await old.read();
  assert.deepEqual(textsOf(old.items), ['{"a":1}', '{"b":2}', '{"c":3}']);
});

test("of a long file no more is read at a time than is asked for, and all in the end", async (t) => {
  const path = join(await tempDir(t), "log");
  const lines = Array.from({ length: 20_000 }, (_, number) => `${number} ${"x".repeat(100)}`);
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  const items: TailItem[] = [];
  const tail = new Tail(new BundleFile(dirname(path), basename(path)), new ManualClock());
  const offsets = [0];
  for (let isMore = true; isMore; offsets.push(tail.offset)) {
    const result = await tail.read((item) => items.push(item), { most: 500_000 });
    isMore = result.kind === "read" && result.isCut === true;
  }
  for (const [index, offset] of offsets.entries()) assert.ok(offset - (offsets[index - 1] ?? 0) < 800_000);
  assert.deepEqual(textsOf(items), lines);
});
