import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
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

/** Of a folder's names those of changed files, by their paths, or all of them. */
export async function changedIn(dir: string, changed: ReadonlySet<string> | "all"): Promise<string[]> {
  if (changed === "all") return namesIn(dir);
  return [...changed].filter((path) => dirname(path) === dir).map((path) => basename(path));
}

export type Read<Value> =
  | { readonly kind: "known"; readonly value: Value }
  /** It is there and is no JSON as it is now: perhaps it is being written. */
  | { readonly kind: "torn" }
  /** Another kind of file, or none. */
  | { readonly kind: "none" };

const NONE = { kind: "none" } as const;

/**
 * What files are known by, in folders of all kinds of files: each is read once for as long as
 * it is not written again. Of a stranger's file no more than its beginning is read.
 */
export class JsonFiles<Value> {
  readonly #schema: v.GenericSchema<unknown, Value>;
  readonly #looksLike: RegExp;
  readonly #known = new Map<string, { readonly stamp: string; readonly read: Read<Value> }>();

  /** `looksLike` is found in the beginning of every file that may be one. */
  constructor(schema: v.GenericSchema<unknown, Value>, looksLike: RegExp) {
    this.#schema = schema;
    this.#looksLike = looksLike;
  }

  async read(dir: string, name: string): Promise<Read<Value>> {
    const file = fileIn(dir, name);
    const stats = await file?.stat();
    const key = `${dir}\0${name}`;
    if (file === undefined || stats === undefined || !stats.isFile() || stats.size > MOST_BYTES) {
      this.#known.delete(key);
      return NONE;
    }
    const stamp = stampOf(stats);
    const known = this.#known.get(key);
    if (known?.stamp === stamp) return known.read;
    const read = await readJson(dir, name, this.#schema, this.#looksLike);
    this.#known.set(key, { stamp, read });
    return read;
  }

  forget(dir: string, name: string): void {
    this.#known.delete(`${dir}\0${name}`);
  }
}

const BEGINNING_BYTES = 4 * 1024;

/** A file as it is now. */
export async function readJson<Value>(
  dir: string,
  name: string,
  schema: v.GenericSchema<unknown, Value>,
  looksLike?: RegExp,
): Promise<Read<Value>> {
  const opened = await openSafely(dir, name);
  if (opened === undefined) return NONE;
  const { file, stats } = opened;
  try {
    if (stats.size > MOST_BYTES) return NONE;
    if (looksLike !== undefined && stats.size > BEGINNING_BYTES) {
      const beginning = Buffer.alloc(BEGINNING_BYTES);
      await file.read(beginning, 0, beginning.length, 0);
      if (!looksLike.test(beginning.toString("utf8"))) return NONE;
    }
    const text = await file.readFile("utf8");
    const parsed = parseJson(text, schema);
    if (parsed.kind === "good") return { kind: "known", value: parsed.value };
    return isJson(text) ? NONE : { kind: "torn" };
  } finally {
    await file.close();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
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
