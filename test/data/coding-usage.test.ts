import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { systemClock } from "../../src/clock.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import { SessionBook } from "../../src/sources/coding/book/session-book.ts";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";
import { DATA, json } from "./recorded.ts";

const Expected = v.record(
  v.string(),
  v.object({
    in: v.number(),
    out: v.number(),
    costUSD: v.number(),
    cw: v.optional(v.number(), 0),
    cr: v.optional(v.number()),
    h1: v.optional(v.number(), 0),
    cached: v.optional(v.number()),
    unpricedCalls: v.optional(v.number(), 0),
  }),
);

const EXPECTED = join(DATA, "expected-usage.json");
const skip = existsSync(EXPECTED) ? false : "the recorded sessions are not there";
const FORMATS = { "claude-code": claudeCodeFormat, codex: codexFormat };
type FormatName = keyof typeof FORMATS;
const NAMES: readonly FormatName[] = ["claude-code", "codex"];

/** The usage of one file, which is given a name as its producer gives. */
async function usageOf(dir: string, name: FormatName, bytes: Uint8Array): Promise<Usage | null | undefined> {
  const path = join(dir, fileName(name));
  await writeFile(path, bytes);
  const book = openBook();
  try {
    let look = await book.look(path);
    while (look !== null && look.digest.usage === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      look = await book.look(path);
    }
    return look?.digest.usage;
  } finally {
    await book.close();
  }
}

function fileName(name: FormatName): string {
  const id = "019dad77-8919-4aaa-8aaa-94a922820000";
  return name === "codex" ? `rollout-2026-04-20T12-00-00-${id}.jsonl` : `${id}.jsonl`;
}

function openBook(): SessionBook {
  return new SessionBook({
    formats: Object.values(FORMATS),
    clock: systemClock,
    cacheFile: null,
    onChange: () => undefined,
    onError: (error) => assert.fail(String(error)),
  });
}

test("tokens and costs of recorded sessions are what was counted by hand", { skip }, async (t) => {
  const expected = v.parse(Expected, await json(EXPECTED));
  for (const name of NAMES) {
    for (const file of readdirSync(join(DATA, name))) {
      const wanted = expected[file];
      if (wanted === undefined) continue;
      await t.test(file, async (t) => {
        const usage = await usageOf(await tempDir(t), name, await readFile(join(DATA, name, file)));
        assert.ok(usage);
        const cacheRead = wanted.cr ?? wanted.cached ?? 0;
        assert.deepEqual(
          [
            usage.inputTokens,
            usage.cacheReadTokens,
            usage.cacheWriteTokens,
            usage.cacheWrite1hTokens,
            usage.outputTokens,
          ],
          // Codex counts what it read from its cache as input.
          [name === "codex" ? wanted.in - cacheRead : wanted.in, cacheRead, wanted.cw, wanted.h1, wanted.out],
        );
        assert.ok(
          Math.abs((usage.costUsd ?? 0) - wanted.costUSD) < 0.00006,
          `${usage.costUsd} is not ${wanted.costUSD}`,
        );
        assert.equal(usage.unpricedTokens > 0, wanted.unpricedCalls > 0);
      });
    }
  }
});

const GROWN: readonly (readonly [FormatName, string])[] = [
  ["claude-code", "growth-1e0a84da"],
  ["codex", "growth-019ddeed"],
];

test("a session that grows byte by byte is counted as when it is read at once", { skip }, async (t) => {
  for (const [name, folder] of GROWN) {
    await t.test(folder, async (t) => {
      const dir = join(DATA, name, folder);
      const states = readdirSync(dir)
        .filter((file) => file.endsWith(".jsonl"))
        .sort(byName);
      const path = join(await tempDir(t), fileName(name));
      const book = openBook();
      t.after(() => book.close());
      let written = Buffer.alloc(0);
      // The same cuts at every run: what fails can be looked at.
      let seed = 7;
      for (const state of states) {
        const bytes = await readFile(join(dir, state));
        // A state that is not the one before with more at its end was written anew.
        if (!bytes.subarray(0, written.length).equals(written)) {
          written = Buffer.alloc(0);
          await writeFile(path, written);
        }
        while (written.length < bytes.length) {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
          const piece = bytes.subarray(written.length, written.length + 1 + (seed % 40_000));
          await appendFile(path, piece);
          written = Buffer.concat([written, piece]);
          await book.look(path);
        }
      }
      const last = await readFile(join(dir, states.at(-1) ?? ""));
      const whole = await usageOf(await tempDir(t), name, last);
      assert.ok(whole && whole.outputTokens > 0);
      // Of what was appended while it was being read in the background the rest comes a moment later.
      const grownBy = async () => (await book.look(path))?.digest.usage ?? null;
      let grown = await grownBy();
      await until(
        async () => (grown = await grownBy())?.outputTokens === whole.outputTokens,
        () => JSON.stringify(grown),
      );
      assert.ok(grown);
      assert.deepEqual({ ...grown, costUsd: 0 }, { ...whole, costUsd: 0 });
      // Added up in another order.
      assert.ok(Math.abs((grown.costUsd ?? 0) - (whole.costUsd ?? 0)) < 1e-9);
    });
  }
});

function byName(left: string, right: string): number {
  return left < right ? -1 : 1;
}
