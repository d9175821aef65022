import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runreel's own folder: the same whether it runs from its source or from its build. */
export const PACKAGE_DIR: string = findPackageDir(dirname(fileURLToPath(import.meta.url)));

function findPackageDir(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("Runreel's package.json is missing; install it again.");
  return findPackageDir(parent);
}
