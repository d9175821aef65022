import assert from "node:assert/strict";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import type { Clock } from "../../src/clock.ts";
import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";
import type { OutlineRow } from "../../src/protocol/outline.ts";
import { decodeRows } from "../../src/protocol/outline-wire.ts";
import type { Said } from "../../src/protocol/said.ts";
import type { Source } from "../../src/sources/source.ts";
import { TextFinder } from "../../src/sources/text-finder.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { pageTally } from "../helpers/page-tally.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What the contract needs to know of a source. */
export interface Specimen {
  readonly name: string;
  source(clock: Clock): Source;
  /** Writes a finished run into `dir`, which exists, and gives the names of its logs. */
  write(dir: string): Promise<void>;
  /** Of a source that gives its runs no folder: the file in `dir` whose path is the run's place. */
  readonly file?: string;
  /** Names of its files that only grow. */
  isLog(file: string): boolean;
  /** A line of garbage in one of its logs must cost that line alone. */
  readonly someLog: string;
  /** The same log's name among the logs of the state, and its place there. */
  readonly logName: LogName;
  readonly logPath: readonly string[];
  /** The nth line of a log as its producer writes it, newline included: of all kinds, in turn. */
  line(number: number): string;
  /**
   * Its runs end by being silent alone. Who watched one being written knows that it was just now: a
   * day later that makes no difference.
   */
  readonly standsByTime?: boolean;
  /** The nth line's item, of the line's value; undefined: that itself. */
  itemOf?(value: unknown, number: number): unknown;
  /** What a line's item is to times and outline. */
  stampOf(item: unknown): number;
  rowOf(item: unknown, line: number, at: number): OutlineRow | null;
  /** What there is to search in it. */
  saidIn(item: unknown): Said | null;
  /**
   * The lines of the state's log are made of those of the file, and a line that cannot be read
   * leaves no hole.
   */
  readonly isTranslated?: boolean;
}

/** A row that is translated gives several lines, so fewer rows make a log as long. */
const ROWS_PER_LINE = 1 / 4;

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted();
}

/** The rules S1 to S11 of src/sources/source.ts. */
export function sourceContract(specimen: Specimen): void {
  const { file: placed, name } = specimen;
  const placeOf = (dir: string) => (placed === undefined ? dir : join(dir, placed));
  const setUp = async (t: TestContext) => {
    const dir = await tempDir(t);
    const whole = join(dir, "whole");
    await mkdir(whole);
    await specimen.write(whole);
    const clock = new ManualClock(Date.now());
    return { dir, whole, clock, source: specimen.source(clock) };
  };

  test(`${name} S1: a glance gives the run's line`, async (t) => {
    const { whole, source } = await setUp(t);
    const glance = await source.glancer(placeOf(whole)).read();
    assert.ok(glance !== null);
    assert.equal(glance.summary.path, placeOf(whole));
    assert.equal(glance.summary.source, source.type);
    assert.ok(glance.summary.runId !== "" && (glance.summary.runTitle ?? glance.summary.flowName) !== "");
    assert.equal(glance.pulse.silenceMs, null, "a finished run owes no sign of life");
  });

  test(`${name} S2: what is no run, or not yet, is null and no error`, async (t) => {
    const { dir, source } = await setUp(t);
    await mkdir(join(dir, "empty"));
    await writeFile(join(dir, "file"), "");
    for (const other of ["empty", "file", "not-there"])
      assert.equal(await source.glancer(join(dir, other)).read(), null);
  });

  test(`${name} S5: while its files are torn or gone, a glance keeps what was last good`, async (t) => {
    const { whole, source } = await setUp(t);
    const glancer = source.glancer(placeOf(whole));
    const before = await glancer.read();
    assert.ok(before !== null);
    for (const file of await filesIn(whole)) {
      if (specimen.isLog(file)) continue;
      const bytes = await readFile(join(whole, file));
      await writeFile(join(whole, file), bytes.subarray(0, bytes.length / 2));
      assert.deepEqual((await glancer.read())?.summary, before.summary, `${file} torn`);
      await rm(join(whole, file));
      assert.deepEqual((await glancer.read())?.summary, before.summary, `${file} gone`);
    }
  });

  test(`${name} S10: a stamp stands while nothing is written, and moves when the run is written anew`, async (t) => {
    const { dir, whole, source } = await setUp(t);
    const stampNow = () => source.stampOf(placeOf(whole));
    const glancer = source.glancer(placeOf(whole));
    const first = (await glancer.read())?.stamp;
    assert.equal(await stampNow(), first);
    await new Following(source, placeOf(whole)).read();
    assert.equal(await stampNow(), first, "reading is no writing");
    assert.equal((await source.glancer(placeOf(whole)).read())?.stamp, first, "whoever glances");
    await rm(whole, { recursive: true });
    assert.equal(await stampNow(), null);
    assert.equal(await source.stampOf(join(dir, "not-there")), null);
    await mkdir(whole);
    await specimen.write(whole);
    const second = await stampNow();
    assert.notEqual(second, first);
    assert.equal((await source.glancer(placeOf(whole)).read())?.stamp, second);
  });

  test(`${name} S3, S4: one read takes in everything, a second changes nothing`, async (t) => {
    const { whole, source } = await setUp(t);
    const following = new Following(source, placeOf(whole));
    await following.read();
    assert.ok([...following.lengths().values()].every((length) => length > 0));
    const before = following.ops.length;
    await following.read();
    assert.deepEqual(following.ops.slice(before), []);
  });

  test(`${name} S6: a bad line costs that line, is counted, and ends nothing`, async (t) => {
    const { dir, whole, source } = await setUp(t);
    const expected = new Following(source, placeOf(whole));
    await expected.read();
    const broken = join(dir, "broken");
    await cp(whole, broken, { recursive: true });
    const log = join(broken, specimen.someLog);
    const deep = `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    await writeFile(log, `not json\n${await readFile(log, "utf8")}{"half":\n[]\n${deep}\n\n`);
    const following = new Following(source, placeOf(broken));
    await following.read();
    assert.equal(following.state.problems.count, 4);
    const told = following.ops.filter(({ path }) => path.startsWith("/problems"));
    assert.equal(told.length, 1, "however many there are, they are told once a read");
    assert.equal(following.state.problems.listed[0]?.file, specimen.someLog);
    assert.deepEqual(following.lengths(), expected.lengths());
  });

  test(`${name} S5, S7: cut anywhere and read as it grows, it ends as read at once`, async (t) => {
    const { dir, whole, source, clock } = await setUp(t);
    const files = await filesIn(whole);
    const expected = new Following(source, placeOf(whole));
    await expected.read();
    const growth = fc.array(
      fc.record({ file: fc.nat(files.length - 1), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      {
        maxLength: 25,
      },
    );
    await fc.assert(
      fc.asyncProperty(growth, async (writes) => {
        // A folder's name may be the run's.
        const part = join(await mkdtemp(join(dir, "part-")), "whole");
        await mkdir(part);
        const following = new Following(source, placeOf(part));
        let before = following.lengths();
        const written = new Map<string, number>();
        const grow = async (file: string, share: number) => {
          const bytes = await readFile(join(whole, file));
          const from = written.get(file) ?? 0;
          const to = Math.max(from, Math.round(bytes.length * share));
          await mkdir(dirname(join(part, file)), { recursive: true });
          // A log grows; any other file is rewritten, here in place, so that it is torn on the way.
          if (specimen.isLog(file)) await appendFile(join(part, file), bytes.subarray(from, to));
          else await writeFile(join(part, file), bytes.subarray(0, to));
          written.set(file, to);
          await following.read();
          assert.deepEqual(
            pageTally(following.state),
            following.state.tally ?? null,
            "the trace tells the tally",
          );
          for (const [log, length] of before) assert.ok((following.lengths().get(log) ?? 0) >= length, log);
          before = following.lengths();
        };
        for (const { file, share } of writes) await grow(files[file] ?? "", share);
        for (const file of files) await grow(file, 1);
        await following.readToTheEnd(clock);
        if (specimen.standsByTime === true) {
          clock.advance(DAY_MS);
          for (const each of [following, expected]) await each.read();
        }
        assert.deepEqual(
          JSON.parse(JSON.stringify(following.state)),
          JSON.parse(JSON.stringify(expected.state)),
        );
      }),
      { numRuns: 25, examples: [[[{ file: 0, share: 0.09623149394347241 }]]] },
    );
  });

  /** A run whose log has these lines, by what can be read of each: null where it is not a line of the log. */
  const withLines = async (t: TestContext, bad: readonly number[], count: number) => {
    const { dir, whole, clock, source } = await setUp(t);
    const log = join(whole, specimen.someLog);
    const garbage = ["", "not json", "[]", '{"seq":1,"at":"2026-01-02T03:04:05.000Z","half"', "   "];
    const lines = Array.from({ length: count }, (_, number) =>
      bad.includes(number) ? `${garbage[number % garbage.length]}\n` : specimen.line(number),
    );
    await writeFile(log, lines.join(""));
    const items = specimen.isTranslated === true ? await translated(source, whole) : parsed(lines, bad);
    return { dir, whole, clock, source, log, lines, items };
  };

  const most = (count: number) => (specimen.isTranslated === true ? Math.ceil(count * ROWS_PER_LINE) : count);

  const parsed = (lines: readonly string[], bad: readonly number[]): unknown[] =>
    lines.map((line, number) => {
      if (bad.includes(number)) return null;
      const value: unknown = JSON.parse(line);
      return specimen.itemOf === undefined ? value : specimen.itemOf(value, number);
    });

  /** All lines as the state has them that holds them all. */
  const translated = async (source: Source, dir: string): Promise<unknown[]> => {
    const following = new Following(source, placeOf(dir));
    await following.read();
    following.follower.close();
    const entries: unknown = JSON.parse(JSON.stringify(logOf(following.state)));
    assert.ok(Array.isArray(entries));
    return entries;
  };

  const logOf = (state: RunState): Log<unknown> => {
    let node: unknown = state;
    for (const key of specimen.logPath) node = Object(node)[key];
    assert.ok(node instanceof Log);
    return node;
  };

  /** All lines of the log: those held, and the ranges before them, asked for a few pages at a time. */
  const allLines = async ({ follower, state }: Following, step: number): Promise<unknown[]> => {
    const log = logOf(state);
    const lines: unknown[] = [];
    while (lines.length < log.heldFrom) {
      const to = Math.min(log.heldFrom, lines.length + step * Log.PAGE);
      const range = JSON.parse((await follower.parts.range(specimen.logName, lines.length, to)) ?? "null");
      assert.equal(range.from, lines.length);
      assert.ok(range.entries.length > 0 && range.entries.length % Log.PAGE === 0);
      lines.push(...range.entries);
    }
    for (let line = log.heldFrom; line < log.length; line += 1) lines.push(log.at(line) ?? null);
    return lines;
  };

  const outlineOf = async ({ follower }: Following): Promise<unknown[]> => {
    const rows: unknown[] = [];
    for (let from: number | null = 0; from !== null;) {
      const part = JSON.parse((await follower.parts.outline(specimen.logName, from)) ?? "null");
      for (const block of part.blocks) rows.push(...decodeRows(block));
      from = part.next;
    }
    return rows;
  };

  test(`${name} S8, S9: tail first, its lines, times and outline are those of the whole, wherever it is opened`, async (t) => {
    const shape = fc.record({
      count: fc.integer({ min: 0, max: most(1_800) }),
      bad: fc.array(fc.nat(most(1_800)), { maxLength: 12 }),
      seen: fc.double({ min: 0, max: 1, noNaN: true }),
      step: fc.integer({ min: 1, max: 40 }),
      isLate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ bad, count, isLate, seen, step }) => {
        const { whole, source, log, lines, items } = await withLines(t, bad, count);
        const first = Math.floor(count * seen);
        await rm(log);
        const following = new Following(source, placeOf(whole), "tail");
        // Sometimes the log is not there at first.
        if (isLate) await following.read();
        await writeFile(log, lines.slice(0, first).join(""));
        await following.read();
        // Half of a line is no line yet.
        const rest = lines.slice(first).join("");
        await appendFile(log, rest.slice(0, rest.length / 2));
        await following.read();
        await appendFile(log, rest.slice(rest.length / 2));
        await following.read();
        assert.equal(logOf(following.state).length, items.length);
        assert.deepEqual(await allLines(following, step), items);

        let newest = Number.NEGATIVE_INFINITY;
        const times: number[] = [];
        const rows: unknown[] = [];
        for (const [line, item] of items.entries()) {
          if (item !== null) newest = Math.max(newest, specimen.stampOf(item));
          times.push(newest);
          const row = item === null ? null : specimen.rowOf(item, line, newest);
          if (row !== null) rows.push(row);
        }
        const ends = Array.from(
          { length: Math.floor(items.length / Log.PAGE) },
          (_, page) => times[(page + 1) * Log.PAGE - 1],
        );
        const told = JSON.parse((await following.follower.parts.times(specimen.logName)) ?? "null");
        assert.deepEqual(
          told.ends,
          ends.map((at) => (at === Number.NEGATIVE_INFINITY ? null : at)),
        );
        assert.deepEqual(await outlineOf(following), rows);
        following.follower.close();
      }),
      { numRuns: 20 },
    );
  });

  test(`${name} S11: a text is found block by block as in all of it, at the line that completes it`, async (t) => {
    const shape = fc.record({
      count: fc.integer({ min: 0, max: most(9_500) }),
      bad: fc.array(fc.nat(most(9_500)), { maxLength: 12 }),
      query: fc.constantFrom("WORD 1", "}}}}word 7", "read", "at \t work", "xxxx", "reply", "nowhere"),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ bad, count, query }) => {
        const { whole, source, items } = await withLines(t, bad, count);
        const following = new Following(source, placeOf(whole), "tail");
        await following.read();
        const found: unknown[] = [];
        let newest = Number.POSITIVE_INFINITY;
        for (let before: number | null | undefined; before !== null;) {
          const ask = { query, before: before ?? null, isWanted: () => true };
          const answer = await following.follower.parts.find(specimen.logName, ask);
          assert.ok(answer !== undefined);
          assert.ok(answer.next === null || answer.next < (before ?? items.length), "it goes on");
          for (const { at, line, match, text } of answer.hits) {
            assert.ok(at <= newest, "from the newest to the oldest");
            newest = at;
            found.push({ line, text, match });
          }
          assert.ok(answer.at <= newest, "what is left is no newer");
          before = answer.next;
        }
        const finder = new TextFinder(query.toLowerCase().replaceAll(/\s+/g, " "));
        const expected = items.map((item, line) => ({
          line,
          excerpt: finder.take(line, item === null ? null : specimen.saidIn(item)),
        }));
        assert.deepEqual(
          found.toReversed(),
          expected.flatMap(({ excerpt, line }) =>
            excerpt === null ? [] : [{ line, text: excerpt.text, match: excerpt.match }],
          ),
        );
        following.follower.close();
      }),
      { numRuns: 6 },
    );
  });

  test(`${name} S11: nobody is answered who does not wait, and of no log there is nothing to find`, async (t) => {
    const { whole, source } = await withLines(t, [], 2_000);
    const following = new Following(source, placeOf(whole), "tail");
    await following.read();
    const ask = { query: "word", before: null };
    const { parts } = following.follower;
    assert.equal(await parts.find(specimen.logName, { ...ask, isWanted: () => false }), undefined);
    assert.equal(await parts.find("sessions/nobody", { ...ask, isWanted: () => true }), undefined);
    following.follower.close();
  });

  test(`${name} S8: a log that is replaced is told apart, and gives no parts of what it was`, async (t) => {
    const { whole, clock, source, log, lines } = await withLines(t, [], 1_500);
    const following = new Following(source, placeOf(whole), "tail");
    await following.read();
    await writeFile(`${log}.new`, lines.slice(0, 1_400).join("").replaceAll("2026", "2025"));
    await rename(`${log}.new`, log);
    // What was translated does not hang on the file.
    if (specimen.isTranslated !== true)
      assert.equal(await following.follower.parts.range(specimen.logName, 0, 256), undefined);
    clock.advance(1_000);
    let result = await following.follower.read("all");
    clock.advance(1_000);
    if (result.kind === "read") result = await following.follower.read("all");
    assert.equal(result.kind, "rewritten");
    following.follower.close();
  });

  test(`${name} S8: of a log that nobody wrote there are no parts`, async (t) => {
    const { whole, source } = await setUp(t);
    const following = new Following(source, placeOf(whole), "tail");
    await following.read();
    for (const part of [
      following.follower.parts.range("sessions/nobody", 0, 128),
      following.follower.parts.times("sessions/nobody"),
      following.follower.parts.outline("sessions/nobody", 0),
    ])
      assert.equal(await part, undefined);
  });
}
