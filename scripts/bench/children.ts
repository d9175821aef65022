import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { ReadyLine } from "./ready-line.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;

/** A server under measurement: a process of its own, ended by its pid. */
export interface ChildServer {
  readonly pid: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** When the process was started, on this process's performance clock. */
  readonly spawnedAt: number;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
// However the bench ends, nothing that it started stays behind.
process.once("exit", endChildren);

/** Ends every process that the bench has started and that still runs. */
export function endChildren(): void {
  for (const child of children) child.kill("SIGKILL");
}

/** Starts a program of Node with this repository as its folder. */
export function spawnNode(
  args: readonly string[],
  { env = {}, talks = false }: { readonly env?: NodeJS.ProcessEnv; readonly talks?: boolean } = {},
): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", ...(talks ? (["ipc"] as const) : [])],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** A TypeScript file of this repository. */
export function typescript(script: string, ...args: readonly string[]): string[] {
  return ["--import", "tsx", script, ...args];
}

/** Starts a server and waits for its ready line. */
export async function startServer(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<ChildServer> {
  const spawnedAt = performance.now();
  const child = spawnNode(args, env === undefined ? {} : { env });
  const exited = once(child, "exit");
  const errors: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const what = args.join(" ");
  try {
    const url = await Promise.race([
      readyUrl(child, what),
      exited.then(([code]) => {
        throw new Error(
          `${what} ended with ${String(code)} before it was ready. ${errors.join("").slice(-2_000)}`,
        );
      }),
    ]);
    if (child.pid === undefined) throw new Error(`${what} could not be started.`);
    return { pid: child.pid, url, spawnedAt, stop: () => stopChild(child, exited) };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

export async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await exited;
  clearTimeout(late);
}

async function readyUrl(child: ChildProcess, what: string): Promise<string> {
  if (child.stdout === null) throw new Error("The server's output cannot be read.");
  const timer = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = v.safeParse(v.pipe(v.string(), v.parseJson(), ReadyLine), line);
      if (ready.success) {
        child.stdout.resume();
        return ready.output.url.replace(/\/$/, "");
      }
    }
    throw new Error(`${what} gave no ready line within ${READY_WITHIN_MS / 1_000} s.`);
  } finally {
    clearTimeout(timer);
  }
}
