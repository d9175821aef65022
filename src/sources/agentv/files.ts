import type { TestResult } from "../../protocol/test-lines.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import type { Row } from "./row.ts";

/** So many are listed of a result. */
const MOST_FILES = 32;

/** What there is to open of a final row's result: the files that it names, each once. */
export function filesOf(dir: string, row: Row): NonNullable<TestResult["files"]> {
  const files = new Map<string, string>();
  for (const [key, path] of Object.entries(row)) {
    if (!key.endsWith("_path") || typeof path !== "string" || files.size >= MOST_FILES) continue;
    const role = key.slice(0, -"_path".length).replaceAll("_", " ");
    // The answer is named twice, and the older name says less.
    if (isInside(dir, path) && (!files.has(path) || role === "answer")) files.set(path, role);
  }
  return [...files].map(([path, role]) => ({ role, path }));
}

function isInside(dir: string, path: string): boolean {
  try {
    return new BundleFile(dir, path).name !== "";
  } catch (error) {
    if (error instanceof OutsideRunError) return false;
    throw error;
  }
}
