import { readdir, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ClaudeDemoOptions, writeClaudeDemo } from "../demo/claude-demo.ts";
import { writeCodexDemo } from "../demo/codex-demo.ts";
import { quickClock } from "./scene-clocks.ts";

export interface SessionScenes {
  readonly session: string;
  readonly codexSession: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long the story takes until it asks something. */
const ASKING_AFTER_MS = 41_000;
const CODEX_MS = 38_000;

const PROJECTS = ["/srv/shop", "/srv/parcels", "/srv/site"] as const;
const MODELS = ["claude-opus-4-8", "claude-sonnet-4-5", "claude-opus-4-8"] as const;

/** A session that asks its person something, one that was over a while ago, and those of the days before. */
export async function writeSessions(runsDir: string): Promise<SessionScenes> {
  for (let day = 1; day <= 9; day += 1) {
    for (let number = 0; number <= day % 3; number += 1) {
      const place = (day + number) % PROJECTS.length;
      await claude(runsDir, day * DAY + number * 50 * MINUTE, {
        seed: `day ${day} ${number}`,
        cwd: PROJECTS[place] ?? PROJECTS[0],
        model: MODELS[place] ?? MODELS[0],
      });
    }
  }
  const { file } = await writeCodexDemo(runsDir, { clock: quickClock(Date.now() - CODEX_MS - 4 * MINUTE) });
  const session = await claude(runsDir, ASKING_AFTER_MS, { seed: "live", until: "asking" });
  return {
    session,
    codexSession: /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(file)?.[1] ?? "",
  };
}

async function claude(runsDir: string, agoMs: number, options: ClaudeDemoOptions): Promise<string> {
  const clock = quickClock(Date.now() - agoMs);
  const { file } = await writeClaudeDemo(join(runsDir, "projects"), { ...options, speed: 1, clock });
  const id = basename(file, ".jsonl");
  // Its files are as old as what they tell.
  const agents = join(file.replace(/\.jsonl$/, ""), "subagents");
  for (const path of [file, ...(await readdir(agents)).map((name) => join(agents, name))])
    await utimes(path, clock.now(), clock.now());
  return id;
}
