import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Tokens } from "../../src/protocol/usage.ts";
import type { Fact, UsageFact } from "../../src/sources/coding/fact.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";

/** A format whose records are facts. Agents of "a.made" lie in the folder "a-agents". */
export const madeFormat: CodingFormat = {
  type: "made",
  label: "Made",
  provider: "anthropic",
  below: ["*"],
  isSessionName: (name) => name.endsWith(".made"),
  isSession: (records) => records.some(isFact),
  facts: () => ({ take: (record) => (isFact(record) ? [record] : []) }),
  eventOf: (record) => ({
    at: "2026-11-20T12:00:00.000Z",
    direction: "inbound",
    message: { method: "runreel/record", params: { record } },
  }),
  async agentsOf({ dir, name }) {
    const agents = join(dir, `${basename(name, ".made")}-agents`);
    const names = await readdir(agents).catch(() => []);
    return names.map((file) => ({
      dir: agents,
      name: file,
      id: basename(file, ".made"),
      label: "",
      call: null,
    }));
  },
};

export const MADE_MODEL = "claude-opus-4-8";

export function answered(key: string, outputTokens: number, more: Partial<UsageFact> = {}): UsageFact {
  const at = Date.UTC(2026, 10, 20, 12);
  return {
    is: "usage",
    at,
    key,
    model: MADE_MODEL,
    tokens: tokensOf(outputTokens),
    isCopied: false,
    ...more,
  };
}

export function madeLines(...facts: readonly Fact[]): string {
  return facts.map((fact) => `${JSON.stringify(fact)}\n`).join("");
}

function tokensOf(outputTokens: number): Tokens {
  return { inputTokens: 2, cacheReadTokens: 100, cacheWriteTokens: 10, cacheWrite1hTokens: 4, outputTokens };
}

function isFact(value: unknown): value is Fact {
  return typeof value === "object" && value !== null && "is" in value;
}
