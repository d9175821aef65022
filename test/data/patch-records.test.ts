import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { testRecords } from "../helpers/rfc-records.ts";
import { DATA } from "./recorded.ts";

// The records as their project has them today; the package the other tests use is some years older.
const FOLDER = join(DATA, "json-patch-tests");

if (existsSync(FOLDER)) {
  for (const file of ["tests.json", "spec_tests.json"]) testRecords(`newest ${file}`, join(FOLDER, file));
} else {
  test("the newest RFC 6902 records", { skip: "they are not here (set RUNREEL_TEST_DATA)" }, () => undefined);
}
