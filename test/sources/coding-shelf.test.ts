import assert from "node:assert/strict";
import { appendFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { CodingFormat } from "../../src/sources/coding/format.ts";
import { CodingShelf } from "../../src/sources/coding/shelf.ts";
import { madeFormat, madeLines } from "../helpers/made-format.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const SESSION = madeLines([{ t: "2026-01-02T03:04:05.000Z", do: "ask", text: "Go" }]);

/** How often its files were read to tell what they are. */
function counting() {
  let asked = 0;
  const format: CodingFormat = {
    ...madeFormat,
    isSession(records) {
      asked += 1;
      return madeFormat.isSession(records);
    },
    isAgent: async (records) => records.some((record) => Object(record).agent === true),
  };
  return { format, asked: () => asked };
}

test("A folder's sessions are those of its files that say so, each read once", async (t) => {
  const dir = await tempDir(t);
  const { asked, format } = counting();
  await writeFile(join(dir, "a.made"), SESSION);
  await writeFile(join(dir, "b.made"), SESSION.trimEnd());
  await writeFile(join(dir, "other.made"), '{"something":"else"}\n');
  await writeFile(join(dir, "agent.made"), `{"agent":true}\n${SESSION}`);
  await writeFile(join(dir, "c.txt"), SESSION);
  const shelf = new CodingShelf(dir, format);
  assert.deepEqual((await shelf.names("all")).toSorted(), ["a.made", "b.made"]);
  const once = asked();
  await appendFile(join(dir, "a.made"), SESSION);
  assert.deepEqual((await shelf.names("all")).toSorted(), ["a.made", "b.made"]);
  assert.deepEqual((await shelf.names(new Set(["a.made"]))).toSorted(), ["a.made", "b.made"]);
  assert.equal(asked(), once, "nobody asks again what is known");
  await rm(join(dir, "a.made"));
  assert.deepEqual(await shelf.names("all"), ["b.made"]);
});

test("A file that is too young to tell is asked again when it is written to", async (t) => {
  const dir = await tempDir(t);
  const { format } = counting();
  const shelf = new CodingShelf(dir, format);
  await writeFile(join(dir, "a.made"), "");
  assert.deepEqual(await shelf.names("all"), []);
  await appendFile(join(dir, "a.made"), SESSION.slice(0, 20));
  assert.deepEqual(await shelf.names(new Set(["a.made"])), []);
  await appendFile(join(dir, "a.made"), SESSION.slice(20));
  assert.deepEqual(await shelf.names(new Set(["b.made"])), [], "nothing was told of it");
  assert.deepEqual(await shelf.names(new Set(["a.made"])), ["a.made"]);
  // A first record may be larger than what is read of others.
  await writeFile(join(dir, "c.made"), SESSION.replace("Go", "x".repeat(300_000)));
  assert.deepEqual((await shelf.names("all")).toSorted(), ["a.made", "c.made"]);
});

test("A session that goes is listed no more as soon as something is heard of it, and again when it is back", async (t) => {
  const dir = await tempDir(t);
  const shelf = new CodingShelf(dir, madeFormat);
  for (const name of ["a.made", "b.made"]) await writeFile(join(dir, name), SESSION);
  assert.deepEqual((await shelf.names("all")).toSorted(), ["a.made", "b.made"]);
  await rm(join(dir, "a.made"));
  assert.deepEqual(await shelf.names(new Set(["a.made"])), ["b.made"]);
  await writeFile(join(dir, "a.made"), SESSION);
  assert.deepEqual((await shelf.names(new Set(["a.made"]))).toSorted(), ["a.made", "b.made"]);
});

test("A subagent's file that is met before its session is one of its own until that comes", async (t) => {
  const dir = await tempDir(t);
  const { asked, format } = counting();
  const isThere = async () => (await readdir(dir)).includes("a.made");
  const saysAgent: CodingFormat["saysAgent"] = (records) =>
    records.some((record) => Object(record).agent === true);
  const shelf = new CodingShelf(dir, {
    ...format,
    saysAgent,
    isAgent: async (records, file) => saysAgent(records, file) && (await isThere()),
  });
  await writeFile(join(dir, "agent.made"), `{"agent":true}\n${SESSION}`);
  await writeFile(join(dir, "b.made"), SESSION);
  assert.deepEqual((await shelf.names("all")).toSorted(), ["agent.made", "b.made"]);
  await writeFile(join(dir, "a.made"), SESSION);
  assert.deepEqual((await shelf.names(new Set(["a.made"]))).toSorted(), ["a.made", "b.made"]);
  const once = asked();
  await shelf.names("all");
  assert.equal(asked(), once);
});
