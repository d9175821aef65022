import { readdir, readFile } from "node:fs/promises";

/** The kernel's clock ticks a second, the same for every program on Linux. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** Since the process began. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** What another process has used, or undefined where /proc is not there to tell. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  if (process.platform !== "linux") return undefined;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const rssKb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return { cpuMs: (await exactCpuMs(pid)) ?? (await tickedCpuMs(pid)), rssBytes: Number(rssKb ?? 0) * 1024 };
}

/** To the nanosecond, where the kernel keeps it: the time on a processor of each thread. */
async function exactCpuMs(pid: number): Promise<number | undefined> {
  try {
    let nanoseconds = 0;
    for (const thread of await readdir(`/proc/${pid}/task`)) {
      const [onProcessor] = (await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ");
      nanoseconds += Number(onProcessor);
    }
    return nanoseconds / 1e6;
  } catch {
    return undefined;
  }
}

async function tickedCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name, which may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000;
}

export function cpuMsBetween(before: Usage | undefined, after: Usage | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after.cpuMs - before.cpuMs;
}

/** The cores used on average from now until the task is done. */
export async function coresDuring(pid: number, task: () => Promise<void>): Promise<number | undefined> {
  const before = await usageOf(pid);
  const from = performance.now();
  await task();
  const elapsed = performance.now() - from;
  const spent = cpuMsBetween(before, await usageOf(pid));
  return spent === undefined ? undefined : spent / elapsed;
}
