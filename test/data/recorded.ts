import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Recorded runs beside the project, never in it; without them the tests that read them are skipped. */
export const DATA: string =
  process.env["RUNREEL_TEST_DATA"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "data");

export async function lines(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

export async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}
