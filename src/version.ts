import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { PACKAGE_DIR } from "./package-dir.ts";

const PackageJson = v.object({ version: v.string() });

export const VERSION: string = v.parse(
  PackageJson,
  JSON.parse(readFileSync(join(PACKAGE_DIR, "package.json"), "utf8")),
).version;
