import { constants } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Clock } from "../clock.ts";
import { isMissing, messageOf } from "./file-errors.ts";
import { describeIssues } from "./json-lines.ts";

/** A projection larger than this is not read; its last good value stands. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** A file written this recently may be written again within the same time stamp. */
const RACY_MS = 50;
/** A file that does not parse is probably being written: look again soon, then at rest. */
const TORN_RETRY_MS = 50;
const TORN_PATIENCE_MS = 2_000;
/** Reading a large file that is rewritten all the time may take this share of the time: 1 in 20. */
const REST_PER_COST = 20;
/** Below this size a read is too cheap to hold back, however long the disk took. */
const CHEAP_BYTES = 256 * 1024;

export type JsonResult<Value> =
  | { readonly kind: "missing" }
  | { readonly kind: "same"; readonly modifiedAt: number; readonly readAgainIn?: number }
  | {
      readonly kind: "changed";
      readonly value: Value;
      readonly modifiedAt: number;
      readonly readAgainIn?: number;
    }
  /** It has not parsed for a while; the last good value stands. Told once per write. */
  | { readonly kind: "bad"; readonly modifiedAt: number; readonly bytes: number; readonly message: string };

/**
 * A small JSON file that its producer rewrites whole. Read only when its size,
 * time or inode moved; while it is torn, its last good value stands.
 */
export class JsonFile<Value> {
  readonly #path: string;
  readonly #schema: v.GenericSchema<unknown, Value>;
  readonly #clock: Clock;
  #key = "";
  #toldBad = "";
  #tornSince: number | undefined;
  #notBefore = 0;

  constructor(path: string, schema: v.GenericSchema<unknown, Value>, clock: Clock) {
    this.#path = path;
    this.#schema = schema;
    this.#clock = clock;
  }

  async read(): Promise<JsonResult<Value>> {
    const stats = await statFile(this.#path);
    if (stats === undefined) return { kind: "missing" };
    const modifiedAt = stats.mtimeMs;
    const key = `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
    if (key === this.#key || key === this.#toldBad) return { kind: "same", modifiedAt };
    const now = this.#clock.now();
    if (now < this.#notBefore) return { kind: "same", modifiedAt, readAgainIn: this.#notBefore - now };
    if (!stats.isFile()) return this.#bad(key, modifiedAt, stats.size, "It is not a regular file.");
    if (stats.size > MAX_JSON_BYTES)
      return this.#bad(key, modifiedAt, stats.size, "It is too large to read.");

    const started = performance.now();
    const parsed = await this.#parse();
    const cost = performance.now() - started;
    if (stats.size > CHEAP_BYTES) this.#notBefore = now + cost * REST_PER_COST;
    if (parsed.kind === "missing") return parsed;
    if (parsed.kind === "torn") return this.#torn(key, modifiedAt, stats.size, parsed.message);
    this.#tornSince = undefined;
    const racy = now - modifiedAt < RACY_MS;
    this.#key = racy ? "" : key;
    const { value } = parsed;
    return racy
      ? { kind: "changed", value, modifiedAt, readAgainIn: RACY_MS + 10 }
      : { kind: "changed", value, modifiedAt };
  }

  async #parse(): Promise<
    { kind: "good"; value: Value } | { kind: "torn"; message: string } | { kind: "missing" }
  > {
    let text: string;
    try {
      text = await readFile(this.#path, {
        encoding: "utf8",
        flag: constants.O_RDONLY | constants.O_NOFOLLOW,
      });
    } catch (error) {
      if (isMissing(error)) return { kind: "missing" };
      throw error;
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      return { kind: "torn", message: `It is not JSON: ${messageOf(error)}` };
    }
    const result = v.safeParse(this.#schema, json);
    return result.success
      ? { kind: "good", value: result.output }
      : { kind: "torn", message: `It is not what it should be: ${describeIssues(result.issues)}` };
  }

  #torn(key: string, modifiedAt: number, bytes: number, message: string): JsonResult<Value> {
    const now = this.#clock.now();
    this.#tornSince ??= now;
    if (now - this.#tornSince < TORN_PATIENCE_MS) {
      return { kind: "same", modifiedAt, readAgainIn: TORN_RETRY_MS };
    }
    return this.#bad(key, modifiedAt, bytes, message);
  }

  #bad(key: string, modifiedAt: number, bytes: number, message: string): JsonResult<Value> {
    this.#tornSince = undefined;
    this.#toldBad = key;
    return { kind: "bad", modifiedAt, bytes, message };
  }
}

async function statFile(path: string) {
  try {
    // Not through a link: a file of a run is a file, see bundle-path.ts.
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
