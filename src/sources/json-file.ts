import type * as v from "valibot";
import type { Clock } from "../clock.ts";
import { parseJson } from "./parse-json.ts";
import type { BundleFile } from "./bundle-file.ts";

/** A projection larger than this is not read; its last good value stands. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;
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
      /** See `stampOf`. */
      readonly stamp: string;
      readonly readAgainIn?: number;
    }
  /** It has not parsed for a while; the last good value stands. Told once per write. */
  | { readonly kind: "bad"; readonly modifiedAt: number; readonly bytes: number; readonly message: string };

/**
 * A small JSON file that its producer rewrites whole. Read only when its size,
 * time or inode moved; while it is torn, its last good value stands.
 */
export class JsonFile<Value> {
  readonly #file: BundleFile;
  readonly #schema: v.GenericSchema<unknown, Value>;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  #key = "";
  #toldBad = "";
  #tornSince: number | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;

  /** A file of more than `maxBytes` is left alone; past the limit of all files it is bad as well. */
  constructor(
    file: BundleFile,
    schema: v.GenericSchema<unknown, Value>,
    clock: Clock,
    maxBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#file = file;
    this.#schema = schema;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(): Promise<JsonResult<Value>> {
    const seen = await this.#file.stat();
    if (seen === undefined) return { kind: "missing" };
    const key = stampOf(seen);
    const isKnown = key === this.#key || key === this.#toldBad;
    if (isKnown || seen.size > this.#maxBytes) return { kind: "same", modifiedAt: seen.mtimeMs };
    const wait = this.#notBefore - this.#clock.passed();
    if (wait > 0) return { kind: "same", modifiedAt: seen.mtimeMs, readAgainIn: wait };
    return this.#readNow();
  }

  async #readNow(): Promise<JsonResult<Value>> {
    const started = this.#clock.passed();
    const opened = await this.#file.open();
    if (opened === undefined) return { kind: "missing" };
    const { file, stats } = opened;
    const { mtimeMs: modifiedAt, size } = stats;
    const key = stampOf(stats);
    try {
      if (size > MAX_JSON_BYTES) return this.#bad(key, modifiedAt, size, "It is too large to be read.");
      const parsed = parseJson(await file.readFile("utf8"), this.#schema);
      const now = this.#clock.passed();
      if (size > CHEAP_BYTES) this.#notBefore = now + (now - started) * REST_PER_COST;
      if (parsed.kind === "bad") return this.#torn(key, modifiedAt, size, `It ${parsed.message}`);
      this.#tornSince = undefined;
      const racy = Math.abs(this.#clock.now() - modifiedAt) < RACY_MS;
      this.#key = racy ? "" : key;
      const { value } = parsed;
      return racy
        ? { kind: "changed", value, modifiedAt, stamp: key, readAgainIn: RACY_MS + 10 }
        : { kind: "changed", value, modifiedAt, stamp: key };
    } finally {
      await file.close();
    }
  }

  #torn(key: string, modifiedAt: number, bytes: number, message: string): JsonResult<Value> {
    const now = this.#clock.passed();
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

/** Another one means that the file was written or replaced since. */
export function stampOf(stats: { ino: number; size: number; mtimeMs: number }): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}
