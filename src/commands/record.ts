import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { isMissing } from "../sources/file-errors.ts";
import { homeOf } from "./home.ts";

/**
 * What a running viewer leaves on disk for `status` and `stop`: where it is, and
 * the token that ends it. Only its user can read it.
 */
const RecordSchema = v.object({
  pid: v.number(),
  host: v.string(),
  port: v.number(),
  url: v.string(),
  token: v.string(),
});
export type ViewerRecord = v.InferOutput<typeof RecordSchema>;

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function home(): string {
  return homeOf(process.env);
}

function recordPath(port: number): string {
  return join(home(), `viewer-${port}.json`);
}

/** Where what was counted of the sessions in these folders is kept; it may be deleted at any time. */
export function usageCachePath(dirs: readonly string[]): string {
  const name = createHash("sha256").update(JSON.stringify(dirs.toSorted())).digest("hex").slice(0, 12);
  return join(home(), `usage-v1-${name}.ndjson`);
}

export async function writeRecord(record: ViewerRecord): Promise<void> {
  await mkdir(home(), { recursive: true, mode: 0o700 });
  const temporary = `${recordPath(record.port)}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, recordPath(record.port));
}

/** Takes a viewer's record away, if it is still that viewer's. */
export async function removeRecord({ port, token }: ViewerRecord): Promise<void> {
  const records = await readRecords();
  if (records.some((record) => record.port === port && record.token === token)) {
    await rm(recordPath(port), { force: true });
  }
}

export async function readRecords(): Promise<ViewerRecord[]> {
  const names = await readdir(home()).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const records: ViewerRecord[] = [];
  for (const name of names) {
    if (!/^viewer-\d+\.json$/.test(name)) continue;
    const record = await readRecord(join(home(), name));
    if (record !== undefined) records.push(record);
  }
  return records;
}

async function readRecord(path: string): Promise<ViewerRecord | undefined> {
  try {
    const parsed = v.safeParse(RecordSchema, JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Half-written or not ours: as good as none.
    return undefined;
  }
}
