import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import * as v from "valibot";

const CLI = join(import.meta.dirname, "..", "..", "src", "cli.ts");

const Ready = v.object({
  event: v.literal("ready"),
  url: v.string(),
  pid: v.number(),
  port: v.number(),
  runsDirs: v.array(v.string()),
  workingDir: v.optional(v.string()),
  sessionDirs: v.optional(v.array(v.object({ dir: v.string(), source: v.string() }))),
  reused: v.boolean(),
});

/** Nothing of the person who runs the tests is looked into: neither what they set, nor their own sessions. */
export function homeEnv(home: string): Record<string, string> {
  return {
    RUNREEL_HOME: home,
    HOME: home,
    ACPX_FLOW_RUNS_DIR: "",
    CLAUDE_CONFIG_DIR: "",
    CODEX_HOME: "",
  };
}

/** The command line as a user calls it: a process of its own, with a home of its own. */
export class Cli {
  readonly #t: TestContext;
  readonly #env: Record<string, string>;

  constructor(t: TestContext, home: string, env: Record<string, string> = {}) {
    this.#t = t;
    this.#env = { ...homeEnv(home), ...env };
  }

  /** Runs a call to its end. */
  async run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { child, output } = this.spawn(...args);
    const [code] = await once(child, "close");
    return { code: Number(code), out: output.out, err: output.err };
  }

  /** Starts a viewer and waits until it says that it is ready. */
  async start(...args: string[]) {
    const { child, output } = this.spawn("start", "--json", ...args);
    while (!output.out.includes("\n")) {
      const ended = once(child, "close").then(() => "ended" as const);
      const more = child.stdout === null ? ended : once(child.stdout, "data").then(() => "more" as const);
      assert.equal(await Promise.race([more, ended]), "more", `the viewer ended: ${output.err}${output.out}`);
    }
    const ready = v.parse(Ready, JSON.parse(output.out.split("\n")[0] ?? ""));
    return { child, ready, output };
  }

  spawn(...args: string[]): { child: ChildProcess; output: { out: string; err: string } } {
    const child = spawn(process.execPath, ["--import", "tsx", CLI, ...args], {
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#t.after(() => child.kill("SIGKILL"));
    const output = { out: "", err: "" };
    child.stdout.on("data", (bytes) => (output.out += String(bytes)));
    child.stderr.on("data", (bytes) => (output.err += String(bytes)));
    return { child, output };
  }
}
