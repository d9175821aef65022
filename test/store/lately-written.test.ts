import assert from "node:assert/strict";
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Glancer, Place, Source } from "../../src/sources/source.ts";
import { lookAtLatelyWritten } from "../../src/store/lately-written.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const MINUTE_MS = 60_000;

const unexpected = (error: unknown) => assert.fail(String(error));

/** A source that only notes what it is asked to look at, and cannot read what ends with `broken`. */
function notingSource(type: string, isCounted: boolean, broken = "/") {
  const seen: Place[] = [];
  const glancer = (place: Place): Glancer => ({
    async read() {
      seen.push(place);
      if (place.endsWith(broken)) throw new Error(`${broken} cannot be read`);
      return null;
    },
  });
  const source: Source = {
    type,
    label: type,
    glancer,
    stampOf: async () => null,
    follow: () => assert.fail("nothing is opened"),
    below: ["projects/*"],
    atHand: [],
    fewestNames: 1,
    ...(isCounted ? { isCounted: true } : {}),
  };
  return { source, seen };
}

async function write(path: string, minutesAgo: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "{}\n");
  const at = new Date(NOW - minutesAgo * MINUTE_MS);
  await utimes(path, at, at);
}

test("What was written lately is looked at first, the newest before all, and nothing else", async (t) => {
  const root = await tempDir(t);
  const at = (name: string) => join(root, "projects", name);
  await write(at("a/old.jsonl"), 60);
  await write(at("a/new.jsonl"), 3);
  await write(at("b/newest.jsonl"), 1);
  await write(at("b/deep/er.jsonl"), 1);
  await write(join(root, "elsewhere", "c.jsonl"), 1);
  await symlink(at("b/newest.jsonl"), at("a/link.jsonl"));
  const { seen, source } = notingSource("counted", true);
  const other = notingSource("other", false);
  await lookAtLatelyWritten([{ dir: root }], [source, other.source], NOW - 10 * MINUTE_MS, unexpected);
  assert.deepEqual(seen, [at("b/newest.jsonl"), at("a/new.jsonl")]);
  assert.deepEqual(other.seen, []);
});

test("A root of other sources is not looked through, and one that lies on a way goes on from there", async (t) => {
  const root = await tempDir(t);
  await write(join(root, "projects", "a", "new.jsonl"), 1);
  const { seen, source } = notingSource("counted", true);
  const since = NOW - 10 * MINUTE_MS;
  await lookAtLatelyWritten(
    [{ dir: root, sources: ["other"] }, { dir: join(root, "gone") }],
    [source],
    since,
    unexpected,
  );
  assert.deepEqual(seen, []);
  await lookAtLatelyWritten([{ dir: join(root, "projects") }], [source], since, unexpected);
  assert.deepEqual(seen, [join(root, "projects", "a", "new.jsonl")]);
});

test("A file that cannot be read keeps nobody from the others", async (t) => {
  const root = await tempDir(t);
  await write(join(root, "projects", "a", "broken.jsonl"), 1);
  await write(join(root, "projects", "a", "sound.jsonl"), 2);
  const { seen, source } = notingSource("counted", true, "broken.jsonl");
  const told: unknown[] = [];
  await lookAtLatelyWritten([{ dir: root }], [source], NOW - 10 * MINUTE_MS, (error) => told.push(error));
  assert.equal(seen.length, 2);
  assert.equal(told.length, 1);
});
