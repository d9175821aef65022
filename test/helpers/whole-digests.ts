import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isMissing } from "../../src/sources/file-errors.ts";
import { NO_USAGE } from "../../src/protocol/usage.ts";
import { DigestMaker } from "../../src/sources/coding/digest-maker.ts";
import type { Digests, Look } from "../../src/sources/coding/digests.ts";
import type { CodingFormat, SessionFile } from "../../src/sources/coding/format.ts";

/** Digests that read the whole file at every look, and know no other session. Every 1,000 tokens cost a dollar. */
export class WholeDigests implements Digests {
  readonly #format: CodingFormat;
  /** Keys of answers that are another session's. */
  readonly others = new Set<string>();
  shifts = 0;

  constructor(format: CodingFormat) {
    this.#format = format;
  }

  async look(place: string): Promise<Look | null> {
    const file = { dir: dirname(place), name: basename(place) };
    try {
      const agents = await this.#format.agentsOf(file);
      const stats = await Promise.all([file, ...agents].map(({ dir, name }) => stat(join(dir, name))));
      const records = recordsIn(await readFile(place, "utf8"));
      if (!this.#format.isSession(records.map(({ record }) => record))) return null;
      const maker = new DigestMaker();
      const reader = this.#format.facts(file);
      for (const { line, record } of records) for (const fact of reader.take(record, line)) maker.take(fact);
      return {
        digest: maker.digest(NO_USAGE, true),
        modifiedAt: Math.max(...stats.map(({ mtimeMs }) => mtimeMs)),
        stamp: stats.map(({ ino, mtimeMs, size }) => `${ino}:${size}:${mtimeMs}`).join(" "),
        folders: [...new Set([file, ...agents].map(({ dir }: SessionFile) => dir))],
      };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  isOwn(_place: string, key: string): boolean {
    return !this.others.has(key);
  }

  sharedUsage(): null {
    return null;
  }

  priceOf(_provider: string, _model: string | null, tokens: { readonly outputTokens: number }): number {
    return tokens.outputTokens / 1_000;
  }
}

function recordsIn(text: string): { readonly line: number; readonly record: unknown }[] {
  return text.split("\n").flatMap((each, line) => {
    try {
      const record: unknown = JSON.parse(each);
      return typeof record === "object" && record !== null && !Array.isArray(record)
        ? [{ line, record }]
        : [];
    } catch {
      return [];
    }
  });
}
