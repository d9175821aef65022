import { isSafeId } from "../../protocol/bundle.ts";
import type { AgentFile, SessionFile } from "../coding/format.ts";
import { dayFolder } from "./day-folder.ts";
import { agentId } from "./spawned.ts";
import { threadIn, type ThreadFile, threadsIn } from "./threads.ts";

/**
 * Subagents lie among the sessions, in the folder of the day they were started on. They are sought in the
 * folder of the session that started them and in the one of the day after; one that was started later is
 * a session of its own, as is one whose parent is not there.
 */
const AGENT_DAYS = [0, 1];
/** An agent may start agents itself. */
const MOST_DEPTH = 8;

/** Of a session, and of its subagents. */
export async function agentsOf(file: SessionFile): Promise<readonly AgentFile[]> {
  const own = (await threadsIn(file.dir)).byName.get(file.name);
  if (own === undefined) return [];
  const agents = new Map<string, AgentFile>();
  let parents: readonly (ThreadFile & { readonly dir: string })[] = [{ ...own, dir: file.dir }];
  for (let depth = 0; depth < MOST_DEPTH && parents.length > 0; depth += 1) {
    const children = (
      await Promise.all(parents.map(async ({ dir, thread }) => childrenOf(dir, thread)))
    ).flat();
    const met = children.filter(({ thread }) => thread !== own.thread && !agents.has(agentId(thread)));
    for (const { dir, label, name, thread } of met) {
      const id = agentId(thread);
      if (isSafeId(id)) agents.set(id, { dir, name, id, label, call: null });
    }
    parents = met;
  }
  return [...agents.values()];
}

async function childrenOf(dir: string, thread: string): Promise<(ThreadFile & { readonly dir: string })[]> {
  const lists = AGENT_DAYS.flatMap((days) => folderAfter(dir, days)).map(async (folder) =>
    ((await threadsIn(folder)).bySpawner.get(thread) ?? []).map((each) => ({ ...each, dir: folder })),
  );
  return (await Promise.all(lists)).flat();
}

/** Is it shown as a subagent of another session? */
export async function isAgent(records: readonly unknown[], file: SessionFile): Promise<boolean> {
  const spawner = threadIn(file.name, records[0])?.spawner ?? null;
  if (spawner === null) return false;
  for (const days of AGENT_DAYS)
    for (const folder of folderAfter(file.dir, -days))
      if ((await threadsIn(folder)).byThread.has(spawner)) return true;
  return false;
}

function folderAfter(dir: string, days: number): string[] {
  if (days === 0) return [dir];
  const folder = dayFolder(dir, days);
  return folder === null ? [] : [folder];
}
