import axe from "axe-core";
import type { Page } from "playwright-core";
import * as v from "valibot";

const Violations = v.array(
  v.object({ id: v.string(), impact: v.nullish(v.string()), nodes: v.array(v.object({ html: v.string() })) }),
);

/** What a reader with other means than a mouse and good eyes would stumble over, in light and dark. */
export async function axeFinds(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const violations: unknown = await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    );
    for (const { id, impact, nodes } of v.parse(Violations, violations)) {
      if (impact !== "serious" && impact !== "critical") continue;
      found.push(`${colorScheme}, ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    }
  }
  return found;
}
