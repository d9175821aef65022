import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { ListedRun } from "../../src/store/run-list.ts";

export const PROJECTS = 40;

/** The lines of so many runs, a quarter of an hour apart: three in four are sessions, and the first goes on. */
export function listedSessions(count: number, now: number): ListedRun[] {
  return Array.from({ length: count }, (_, number) => ({ summary: line(number, now), goesOn: number === 0 }));
}

function line(number: number, now: number): RunSummary {
  const began = new Date(now - 60_000 - number * 900_000).toISOString();
  const common = { runId: `run-${number}`, startedAt: began, updatedAt: began, path: `/runs/run-${number}` };
  if (number % 4 === 3) return { ...common, source: "acpx", flowName: "review_pr", status: "completed" };
  return {
    ...common,
    source: number % 4 === 1 ? "codex" : "claude-code",
    flowName: "",
    runTitle: `Session ${number}`,
    status: number === 0 ? "waiting" : "ended",
    project: `/home/someone/src/project-${number % PROJECTS}`,
    usage: {
      inputTokens: 100,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 10,
      costUsd: number % 4 === 1 ? null : 0.25,
      unpricedTokens: number % 4 === 1 ? 110 : 0,
    },
  };
}
