import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import * as v from "valibot";

const Violations = v.array(
  v.object({ id: v.string(), impact: v.nullish(v.string()), nodes: v.array(v.object({ html: v.string() })) }),
);

const OPTIONS = {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  // Who speaks to the page says the words that they see.
  rules: { "label-content-name-mismatch": { enabled: true } },
};

/** What a reader with other means than a mouse and good eyes would stumble over. */
export async function checkPage(page: Page, what: string): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found: unknown = await page.evaluate(
      `axe.run(document, ${JSON.stringify(OPTIONS)}).then(({ violations }) => violations)`,
    );
    const bad = v
      .parse(Violations, found)
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    assert.deepEqual(bad, [], `${what}, ${colorScheme}`);
  }
  assert.deepEqual(await smallTargets(page), [], `${what}: too small for a finger`);
}

/** What can be pressed and is less than 24 px wide or high; on a phone, less than 32 px high. Links within prose are as high as its lines. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const least = innerWidth <= 960 ? 32 : 24;
    return [...document.querySelectorAll("button, summary, a[href], [role=tab], select")]
      .filter((each) => each.checkVisibility() && each.closest(".hidden, .markdown a") === null)
      .flatMap((each) => {
        const { height, width } = each.getBoundingClientRect();
        if (height === 0 || (width > 23.5 && height > least - 0.5)) return [];
        return [`${Math.round(width)}x${Math.round(height)} ${each.outerHTML.slice(0, 160)}`];
      });
  });
}
