import { normalize, sep } from "node:path";
import type { TestResult } from "../../protocol/test-lines.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";

/** Of a final row whatever may name files. */
type Fields = Readonly<Record<string, unknown>>;

/** So many are listed of a result. */
const MOST_FILES = 32;

/** What there is to open of a final row's result: the files that it names, each once. */
export function filesOf(dir: string, row: Fields): NonNullable<TestResult["files"]> {
  const files = new Map<string, string>();
  for (const [role, path] of namesIn(row)) {
    if (files.size >= MOST_FILES) break;
    // The answer is named twice, and the older name says less.
    if (isInside(dir, path) && (!files.has(path) || role === "answer")) files.set(path, role);
  }
  return [...files].map(([path, role]) => ({ role, path }));
}

/** Is this one of a final row's files: one that it names, or one in its test's folder? */
export function hasFile(row: Fields, name: string): boolean {
  const path = normalize(name);
  const dir = row["artifact_dir"] ?? row["result_dir"];
  if (typeof dir !== "string") return false;
  const folder = normalize(dir);
  // The run's own folder is no test's: other things may lie in it.
  if (folder !== "." && path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return true;
  return [...namesIn(row)].some(([, named]) => normalize(named) === path);
}

/** What a program keeps to itself is nobody's result. */
export function isShown(name: string): boolean {
  return !normalize(name)
    .split(sep)
    .some((part) => part.startsWith(".") && part !== "..");
}

function* namesIn(row: Fields): Iterable<[role: string, path: string]> {
  for (const [key, path] of Object.entries(row))
    if (key.endsWith("_path") && typeof path === "string" && isShown(path))
      yield [key.slice(0, -"_path".length).replaceAll("_", " "), path];
}

function isInside(dir: string, path: string): boolean {
  try {
    return new BundleFile(dir, path).name !== "";
  } catch (error) {
    if (error instanceof OutsideRunError) return false;
    throw error;
  }
}
