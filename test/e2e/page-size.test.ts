import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ensurePage, PAGE_DIR } from "../../src/commands/page-build.ts";

const MOST_BYTES = 100_000;

test("the first page needs less than 100 kB of gzipped JavaScript", async (t) => {
  await ensurePage((sentence) => t.diagnostic(sentence));
  const html = await readFile(join(PAGE_DIR, "index.html"), "utf8");
  const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? "");
  assert.ok(scripts.length > 0, "the page has a script");
  let bytes = 0;
  for (const path of scripts) bytes += gzipSync(await readFile(join(PAGE_DIR, path))).length;
  t.diagnostic(`${bytes} bytes of gzipped JavaScript`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
});
