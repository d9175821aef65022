import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { stampOf } from "../json-file.ts";

const DEFAULT = 0.8;
const CONFIG = "config.yaml";
/** A larger one is no config. */
const MAX_BYTES = 256 * 1024;

/**
 * From which score on a test has passed: `dashboard.threshold` of the config beside the
 * results, in the `.agentv` folder that holds the run. A run elsewhere has the default.
 */
export class Threshold {
  readonly #path: string | null;
  #stamp: string | null = null;
  #value = DEFAULT;

  constructor(dir: string) {
    this.#path = configOf(dir);
  }

  /** Read again when the config was written. */
  async read(): Promise<number> {
    const stats = await statOf(this.#path);
    const stamp = stats === null ? "" : stampOf(stats);
    if (stamp !== this.#stamp) {
      this.#value = stats === null ? DEFAULT : await this.#readNow();
      this.#stamp = stamp;
    }
    return this.#value;
  }

  async #readNow(): Promise<number> {
    try {
      return thresholdIn(await readFile(this.#path ?? "", "utf8")) ?? DEFAULT;
    } catch {
      // Not there any more, or not to be read: then it says nothing.
      return DEFAULT;
    }
  }
}

/** Another one: from another score on a test may have passed. */
export async function stampOfConfig(dir: string): Promise<string> {
  const stats = await statOf(configOf(dir));
  return stats === null ? "" : stampOf(stats);
}

async function statOf(path: string | null): Promise<Stats | null> {
  if (path === null) return null;
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? stats : null;
  } catch {
    return null;
  }
}

function configOf(dir: string): string | null {
  for (let folder = dir; dirname(folder) !== folder; folder = dirname(folder))
    if (folder.endsWith(`${sep}.agentv`)) return join(folder, CONFIG);
  return null;
}

/**
 * The one key that is wanted of a YAML file, in block or in flow form. Anything else it
 * may hold is passed over, so that no reader of all of YAML is needed for a number.
 */
export function thresholdIn(yaml: string): number | null {
  let isInside = false;
  let depth: number | null = null;
  for (const line of yaml.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, indent = "", key = "", rest = ""] = /^(\s*)["']?([\w-]+)["']?\s*:(?:\s+(.*))?$/.exec(line) ?? [];
    if (key === "") continue;
    if (indent === "") {
      isInside = key === "dashboard";
      depth = null;
      const inline = isInside ? /\{(?:.*[{,\s])?["']?threshold["']?\s*:\s*([^,}\s]+)/.exec(rest) : null;
      if (inline?.[1] !== undefined) return scoreOf(inline[1]);
    } else if (isInside) {
      depth ??= indent.length;
      if (indent.length === depth && key === "threshold") return scoreOf(rest.replace(/\s+#.*$/, ""));
    }
  }
  return null;
}

function scoreOf(text: string): number | null {
  const score = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(score) ? null : Math.min(1, Math.max(0, score));
}
