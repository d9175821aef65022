import { BundleFile } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";
import { LAYOUTS } from "./layout.ts";
import { stampOfConfig } from "./threshold.ts";

/** AgentV writes the summary at a start and at an end, and the index with every result. What counts as a pass stands in its config. */
export async function stampOfRun(dir: string): Promise<string | null> {
  const names = LAYOUTS.flatMap(({ index, summary }) => [summary, index]);
  const stats = await Promise.all(names.map((name) => new BundleFile(dir, name).stat()));
  if (stats.every((one) => one === undefined)) return null;
  const stamps = stats.map((one) => (one === undefined ? "" : stampOf(one)));
  return [...stamps, await stampOfConfig(dir)].join(" ");
}
