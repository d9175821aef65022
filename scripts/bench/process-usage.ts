import { readFile } from "node:fs/promises";

/** The kernel's clock ticks a second, the same for every program on Linux. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** Since the process began. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** What another process has used, or undefined where /proc is not there to tell. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  if (process.platform !== "linux") return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  // The second field is the program's name, which may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes: Number(rssKb ?? 0) * 1024 };
}

/** The cores used on average between two looks, `elapsedMs` apart. */
export function coresBetween(
  before: Usage | undefined,
  after: Usage | undefined,
  elapsedMs: number,
): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  return (after.cpuSeconds - before.cpuSeconds) / (elapsedMs / 1_000);
}
