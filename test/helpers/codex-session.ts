import { readFile } from "node:fs/promises";
import type { Clock } from "../../scripts/demo/clock.ts";
import { type CodexParts, CodexSession } from "../../scripts/demo/codex-run.ts";
import { createIds } from "../../scripts/demo/ids.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import type { Fact, UsageFact } from "../../src/sources/coding/fact.ts";

/** Time that passes when it is told to. */
export class HandClock implements Clock {
  #time = Date.parse("2026-03-02T09:00:00.000Z");

  now(): Date {
    return new Date(this.#time);
  }

  pass(ms: number): void {
    this.#time += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.pass(ms);
  }
}

let made = 0;

/** A session that has its first line. */
export async function startCodex(
  home: string,
  clock: Clock,
  more: Omit<Partial<CodexParts>, "home" | "clock"> = {},
): Promise<CodexSession> {
  made += 1;
  const session = new CodexSession({
    home,
    clock,
    ids: createIds(`codex/${made}`),
    ...more,
  });
  await session.start();
  return session;
}

export async function recordsOf(file: string): Promise<unknown[]> {
  const text = (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

export function factsOf(records: readonly unknown[]): Fact[] {
  const reader = codexFormat.facts({ dir: "/", name: "rollout.jsonl" });
  return records.flatMap((record, line) => reader.take(record, line));
}

export function only<Kind extends Fact["is"]>(facts: readonly Fact[], kind: Kind) {
  const isOf = (fact: Fact): fact is Extract<Fact, { is: Kind }> => fact.is === kind;
  return facts.filter(isOf);
}

/** Each answer once over all files, as the book counts them: by key. */
export function countedOnce(files: readonly (readonly Fact[])[]): {
  answers: number;
  input: number;
  output: number;
} {
  const byKey = new Map<string, UsageFact>();
  for (const facts of files) for (const fact of only(facts, "usage")) byKey.set(fact.key, fact);
  const all = [...byKey.values()].map(({ tokens }) => tokens);
  return {
    answers: all.length,
    input: all.reduce((sum, each) => sum + each.inputTokens + each.cacheReadTokens, 0),
    output: all.reduce((sum, each) => sum + each.outputTokens, 0),
  };
}
