import { join } from "node:path";
import { writeClaudeDemo } from "./claude-demo.ts";
import { writeCodexDemo } from "./codex-demo.ts";
import type { DemoOptions } from "./demo-run.ts";

interface Played {
  readonly dir: string;
  readonly status: string;
}

/** Writes a session of Claude Code as it would appear, below `projects`. */
export async function playClaudeCode(options: DemoOptions): Promise<Played> {
  const { onLine, runsDir, speed = 1, signal } = options;
  onLine?.(join(runsDir, "projects"));
  const { file } = await writeClaudeDemo(join(runsDir, "projects"), { ...options, speed });
  return { dir: file, status: signal?.aborted === true ? "interrupted" : "idle" };
}

/** Writes a session of Codex as it would appear, below `sessions`. */
export async function playCodex(options: DemoOptions): Promise<Played> {
  const { file } = await writeCodexDemo(options.runsDir, options);
  return { dir: file, status: options.signal?.aborted === true ? "interrupted" : "idle" };
}
