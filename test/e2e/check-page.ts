import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import * as v from "valibot";

const Violations = v.array(
  v.object({ id: v.string(), impact: v.nullish(v.string()), nodes: v.array(v.object({ html: v.string() })) }),
);

/** What a reader with other means than a mouse and good eyes would stumble over. */
export async function checkPage(page: Page, what: string): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found: unknown = await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    );
    const bad = v
      .parse(Violations, found)
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    assert.deepEqual(bad, [], `${what}, ${colorScheme}`);
  }
}
