import { readdir } from "node:fs/promises";
import type * as v from "valibot";
import { BundleFile, type OpenedFile, OutsideRunError } from "../bundle-file.ts";
import { isMissing } from "../file-errors.ts";
import { stampOf } from "../json-file.ts";
import { parseJson } from "../parse-json.ts";
import { isRefused } from "../refused.ts";

/** A file of more than this is no results file, or one too large to be read. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The names in a folder; none where there is none. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return [];
    throw error;
  }
}

/**
 * What files are known by, in folders of all kinds of files: each is read once for as long as
 * it is not written again. Of a stranger's file no more than its beginning is read.
 */
export class JsonFiles<Value> {
  readonly #schema: v.GenericSchema<unknown, Value>;
  readonly #looksLike: RegExp;
  readonly #known = new Map<string, { readonly stamp: string; readonly value: Value | null }>();

  /** `looksLike` is found in the beginning of every file that may be one. */
  constructor(schema: v.GenericSchema<unknown, Value>, looksLike: RegExp) {
    this.#schema = schema;
    this.#looksLike = looksLike;
  }

  /** Null for another kind of file, for one that is torn, and for none. */
  async read(dir: string, name: string): Promise<Value | null> {
    const file = fileIn(dir, name);
    const stats = await file?.stat();
    const key = `${dir}\0${name}`;
    if (file === undefined || stats === undefined || !stats.isFile() || stats.size > MOST_BYTES) {
      this.#known.delete(key);
      return null;
    }
    const stamp = stampOf(stats);
    const known = this.#known.get(key);
    if (known?.stamp === stamp) return known.value;
    const value = await readJson(dir, name, this.#schema, this.#looksLike);
    this.#known.set(key, { stamp, value });
    return value;
  }
}

const BEGINNING_BYTES = 4 * 1024;

/** A file as it is now; null for another kind of file, for one that is torn, and for none. */
export async function readJson<Value>(
  dir: string,
  name: string,
  schema: v.GenericSchema<unknown, Value>,
  looksLike?: RegExp,
): Promise<Value | null> {
  const opened = await openSafely(dir, name);
  if (opened === undefined) return null;
  const { file, stats } = opened;
  try {
    if (stats.size > MOST_BYTES) return null;
    if (looksLike !== undefined) {
      const beginning = Buffer.alloc(Math.min(stats.size, BEGINNING_BYTES));
      await file.read(beginning, 0, beginning.length, 0);
      if (!looksLike.test(beginning.toString("utf8"))) return null;
    }
    const parsed = parseJson(await file.readFile("utf8"), schema);
    return parsed.kind === "good" ? parsed.value : null;
  } finally {
    await file.close();
  }
}

function fileIn(dir: string, name: string): BundleFile | undefined {
  try {
    return new BundleFile(dir, name);
  } catch (error) {
    if (error instanceof OutsideRunError) return undefined;
    throw error;
  }
}

async function openSafely(dir: string, name: string): Promise<OpenedFile | undefined> {
  try {
    return await fileIn(dir, name)?.open();
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
