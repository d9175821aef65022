import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { isSafeId } from "../../protocol/bundle.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import type { AgentFile, SessionFile } from "../coding/format.ts";
import { isMissing } from "../file-errors.ts";
import { parseJson } from "../parse-json.ts";
import { FlatAgents } from "./flat-agents.ts";
import { AGENTS } from "./layout.ts";

const text = v.fallback(v.nullish(v.string()), null);
const Meta = v.looseObject({ agentType: text, description: text, toolUseId: text });
type Meta = v.InferOutput<typeof Meta>;

/** What stands beside a subagent's file is small. */
const MOST_META_BYTES = 64 * 1024;

/**
 * The subagents of a session, and of its subagents: all lie in one folder, by name. Older versions wrote
 * them among the sessions.
 */
export async function agentsOf({ dir, name }: SessionFile): Promise<readonly AgentFile[]> {
  const folder = join(name.replace(/\.jsonl$/, ""), AGENTS);
  const names = (await namesIn(join(dir, folder))).toSorted();
  const agents = await Promise.all(names.map((each) => agentOf(dir, folder, each)));
  const found = agents.filter((agent) => agent !== null);
  const beside = await flat.of(dir, name.replace(/\.jsonl$/, ""));
  return [...found, ...beside.filter(({ id }) => !found.some((agent) => agent.id === id))];
}

const flat = new FlatAgents();

/** Is it a subagent's file among the sessions, of a session that is there? */
export async function isAgent(records: readonly unknown[], file: SessionFile): Promise<boolean> {
  return flat.isOne(records, file);
}

async function agentOf(dir: string, folder: string, name: string): Promise<AgentFile | null> {
  const [, stem] = /^(agent-.+)\.jsonl$/.exec(name) ?? [];
  if (stem === undefined || !isSafeId(stem)) return null;
  if (!(await isFileIn(dir, join(folder, name)))) return null;
  const { agentType, description, toolUseId } = await metaOf(dir, join(folder, `${stem}.meta.json`));
  return {
    dir: join(dir, folder),
    name,
    id: stem,
    label: description || agentType || "",
    call: toolUseId ?? null,
  };
}

async function isFileIn(dir: string, name: string): Promise<boolean> {
  try {
    const opened = await new BundleFile(dir, name).open();
    await opened?.file.close();
    return opened !== undefined;
  } catch (error) {
    if (error instanceof OutsideRunError) return false;
    throw error;
  }
}

/** It may be torn or not there yet: nothing is known then. */
async function metaOf(dir: string, name: string): Promise<Meta> {
  try {
    const opened = await new BundleFile(dir, name).open();
    if (opened === undefined) return {};
    try {
      if (opened.stats.size > MOST_META_BYTES) return {};
      const parsed = parseJson(await opened.file.readFile("utf8"), Meta);
      return parsed.kind === "good" ? parsed.value : {};
    } finally {
      await opened.file.close();
    }
  } catch (error) {
    if (error instanceof OutsideRunError) return {};
    throw error;
  }
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
