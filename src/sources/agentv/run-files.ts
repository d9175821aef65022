import { normalize } from "node:path";
import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { parseJson } from "../parse-json.ts";
import { isRefused } from "../refused.ts";
import type { RunFiles } from "../source.ts";
import { Tail } from "../tail.ts";
import { hasFile, isShown } from "./files.ts";
import { LAYOUTS } from "./layout.ts";

const Fields = v.record(v.string(), v.unknown());
const TIMING = "timing.json";
const OWN = new Set([TIMING, ...LAYOUTS.flatMap(({ index, summary }) => [index, summary])]);

/**
 * The files of a run: its own, and those of its results. The folder may be a whole
 * project's (`--output .`), and what else lies there is none of the run.
 */
export function filesOfRun(dir: string, clock: Clock): RunFiles {
  return {
    dir,
    async allows(name) {
      const path = normalize(name);
      if (OWN.has(path.replaceAll("\\", "/"))) return true;
      if (!isShown(path)) return false;
      for (const { index } of LAYOUTS)
        if (await isOfResult(new Tail(new BundleFile(dir, index), clock), path)) return true;
      return false;
    },
  };
}

async function isOfResult(index: Tail, path: string): Promise<boolean> {
  // Only a row that holds this can name the path, and to look for it is far cheaper than to parse each.
  const sign = JSON.stringify(/^[^/\\]*/.exec(path)?.[0] ?? "").slice(1, -1);
  let isFound = false;
  try {
    await index.read((line) => {
      if (isFound || line.kind !== "line" || !line.text.includes(sign)) return;
      const parsed = parseJson(line.text, Fields);
      isFound = parsed.kind === "good" && hasFile(parsed.value, path);
    });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return isFound;
}
