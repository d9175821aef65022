import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { ReadyLine } from "./ready-line.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY_WITHIN_MS = 20_000;

/** A server under measurement: a process of its own, ended by its pid. */
export interface ChildServer {
  readonly pid: number;
  /** Without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a TypeScript file of this repository and waits for its ready line. */
export async function startChild(script: string, args: readonly string[]): Promise<ChildServer> {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  try {
    const url = await Promise.race([
      readyUrl(child),
      exited.then(([code]) => {
        throw new Error(
          `${script} ended with ${String(code)} before it was ready.\n${errors.join("").slice(-2_000)}`,
        );
      }),
    ]);
    if (child.pid === undefined) throw new Error(`${script} could not be started.`);
    return {
      pid: child.pid,
      url,
      async stop() {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
        await exited;
        clearTimeout(late);
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
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
    throw new Error("The server's output ended without a ready line.");
  } finally {
    clearTimeout(timer);
  }
}
