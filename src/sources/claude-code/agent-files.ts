import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { isSafeId } from "../../protocol/bundle.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import type { AgentFile, SessionFile } from "../coding/format.ts";
import { isMissing } from "../file-errors.ts";
import { parseJson } from "../parse-json.ts";
import { FlatAgents, RACY_MS } from "./flat-agents.ts";
import { AGENTS } from "./layout.ts";

const text = v.fallback(v.nullish(v.string()), null);
const Meta = v.looseObject({ agentType: text, description: text, toolUseId: text });
type Meta = v.InferOutput<typeof Meta>;

/** What stands beside a subagent's file is small. */
const MOST_META_BYTES = 64 * 1024;
/** Folders that are kept in mind: those of the sessions that were asked for last. */
const MOST_FOLDERS = 2_000;

/** An agent in a session's folder, as far as the file beside it was read. */
interface Found {
  readonly agent: AgentFile;
  /** "torn": it may be whole the next time, and nothing but itself will tell. */
  readonly meta: "read" | "missing" | "torn";
}

interface Folder {
  /** NaN: something may have come since that left no trace. */
  readonly modifiedAt: number;
  /** By the file's name; null: it is none of the session's. */
  readonly found: ReadonlyMap<string, Found | null>;
}

/**
 * The subagents of a session, and of its subagents: all lie in one folder, by name. Older versions wrote
 * them among the sessions.
 */
export async function agentsOf({ dir, name }: SessionFile): Promise<readonly AgentFile[]> {
  const session = name.replace(/\.jsonl$/, "");
  const found = await agentsBelow(join(dir, session), AGENTS);
  const beside = await flat.of(dir, session);
  return [...found, ...beside.filter(({ id }) => !found.some((agent) => agent.id === id))];
}

const flat = new FlatAgents();
const folders = new Map<string, Folder>();

/** Is it a subagent's file among the sessions, of a session that is there? */
export async function isAgent(records: readonly unknown[], file: SessionFile): Promise<boolean> {
  return flat.isOne(records, file);
}

/** The folder is listed again when it has changed; what was found in it is opened once, and told once it is whole. */
async function agentsBelow(dir: string, folder: string): Promise<AgentFile[]> {
  const path = join(dir, folder);
  const modifiedAt = await changedAt(path);
  if (modifiedAt === null) {
    folders.delete(path);
    return [];
  }
  const known = folders.get(path);
  const hasChanged = known?.modifiedAt !== modifiedAt;
  const names = hasChanged ? (await namesIn(path)).toSorted() : [...known.found.keys()];
  const each = names.map(async (name) => {
    const agent = await agentOf(dir, folder, name, hasChanged, known?.found.get(name));
    return agent === undefined ? [] : [[name, agent] as const];
  });
  const found = new Map((await Promise.all(each)).flat());
  const isSettled = Date.now() - modifiedAt > RACY_MS;
  // The one asked for last is the last to be forgotten.
  folders.delete(path);
  folders.set(path, { modifiedAt: isSettled ? modifiedAt : Number.NaN, found });
  const [oldest] = folders.keys();
  if (folders.size > MOST_FOLDERS && oldest !== undefined) folders.delete(oldest);
  return [...found.values()].flatMap((each) => (each === null ? [] : [each.agent]));
}

/** Undefined: it is not there, or no agent's name; null: it is none of the session's. */
async function agentOf(
  dir: string,
  folder: string,
  name: string,
  hasChanged: boolean,
  known: Found | null | undefined,
): Promise<Found | null | undefined> {
  if (known === null || known?.meta === "read" || (known?.meta === "missing" && !hasChanged)) return known;
  const [, stem] = /^(agent-.+)\.jsonl$/.exec(name) ?? [];
  if (stem === undefined || !isSafeId(stem)) return undefined;
  if (known === undefined) {
    const isThere = await isFileIn(dir, join(folder, name));
    if (isThere !== true) return isThere === false ? null : undefined;
  }
  const meta = await metaOf(dir, join(folder, `${stem}.meta.json`));
  const { agentType, description, toolUseId } = typeof meta === "string" ? {} : meta;
  const agent: AgentFile = {
    dir: join(dir, folder),
    name,
    id: stem,
    label: description || agentType || "",
    call: toolUseId ?? null,
  };
  return { agent, meta: typeof meta === "string" ? meta : "read" };
}

/** False: it is none of the session's; undefined: it is not there. */
async function isFileIn(dir: string, name: string): Promise<boolean | undefined> {
  try {
    const opened = await new BundleFile(dir, name).open();
    await opened?.file.close();
    return opened === undefined ? undefined : true;
  } catch (error) {
    if (error instanceof OutsideRunError) return false;
    throw error;
  }
}

async function metaOf(dir: string, name: string): Promise<Partial<Meta> | "missing" | "torn"> {
  try {
    const opened = await new BundleFile(dir, name).open();
    if (opened === undefined) return "missing";
    try {
      if (opened.stats.size > MOST_META_BYTES) return {};
      const parsed = parseJson(await opened.file.readFile("utf8"), Meta);
      return parsed.kind === "good" ? parsed.value : "torn";
    } finally {
      await opened.file.close();
    }
  } catch (error) {
    if (error instanceof OutsideRunError) return {};
    throw error;
  }
}

/** Null: there is none. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return null;
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
