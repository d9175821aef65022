import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE_DIR } from "../../src/package-dir.ts";

/** Every stylesheet of the page, without its comments. */
async function stylesheets(): Promise<Map<string, string>> {
  const root = join(PACKAGE_DIR, "viewer");
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".css"));
  const texts = await Promise.all(names.map((name) => readFile(join(root, name), "utf8")));
  return new Map(names.map((name, index) => [name, (texts[index] ?? "").replaceAll(/\/\*.*?\*\//gs, "")]));
}

test("a class is defined by one stylesheet: none changes another's component by its name", async () => {
  const owners = new Map<string, Set<string>>();
  for (const [name, text] of await stylesheets()) {
    // What the system chooses is chosen for all components in one place.
    if (name.endsWith("forced-colors.css")) continue;
    for (const [, selectors = ""] of text.matchAll(/([^{}]+)\{/g)) {
      for (const selector of selectors.replaceAll(/\([^)]*\)/g, "()").split(",")) {
        const alone = /^\.([\w-]+)$/.exec(selector.trim())?.[1];
        if (alone !== undefined) owners.set(alone, (owners.get(alone) ?? new Set()).add(name));
      }
    }
  }
  assert.ok(owners.size > 100);
  const shared = [...owners].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files]);
  assert.deepEqual(shared, []);
});

test("colours are tokens", async () => {
  for (const [name, text] of await stylesheets()) {
    if (name.endsWith("tokens.css")) continue;
    // Shadows darken whatever is beneath, and white names stand on the spans' own colours.
    const literal = text.match(/#[0-9a-f]{3,8}\b(?!\s*\{)/gi)?.filter((colour) => colour !== "#fff") ?? [];
    assert.deepEqual(literal, [], name);
  }
});
