import { readdir, stat } from "node:fs/promises";
import { isSafeId } from "../../protocol/bundle.ts";
import { BundleFile } from "../bundle-file.ts";
import { firstRecords } from "../coding/first-records.ts";
import type { AgentFile, SessionFile } from "../coding/format.ts";
import { isMissing } from "../file-errors.ts";
import { onOneLine } from "../plain-text.ts";
import { wordsOf } from "./prompts.ts";
import { readRecord } from "./records.ts";

/** A folder that was changed this recently may change again within the same time stamp. */
export const RACY_MS = 1_000;
const LABEL_CHARS = 100;
const NAME = /^(agent-.+)\.jsonl$/;

/** A subagent that an older version wrote beside the session that started it. */
interface FlatAgent extends AgentFile {
  readonly session: string;
}

interface Folder {
  readonly modifiedAt: number;
  /** By the file's name. What an agent is of is read once. */
  readonly agents: ReadonlyMap<string, FlatAgent>;
}

/**
 * Subagents among the sessions of a folder: "agent-<id>.jsonl", whose records name the session that they are
 * of. A folder is listed again when it has changed, however many sessions ask.
 */
export class FlatAgents {
  readonly #folders = new Map<string, Folder>();

  async of(dir: string, session: string): Promise<readonly AgentFile[]> {
    const { agents } = await this.#folder(dir);
    return [...agents.values()].filter((agent) => agent.session === session);
  }

  /** Is the file shown as a subagent of a session that lies there? */
  async isOne(records: readonly unknown[], file: SessionFile): Promise<boolean> {
    const session = spawnerOf(records, file);
    if (session === null) return false;
    return (await new BundleFile(file.dir, `${session}.jsonl`).stat())?.isFile() === true;
  }

  async #folder(dir: string): Promise<Folder> {
    const known = this.#folders.get(dir);
    const modifiedAt = await changedAt(dir);
    if (known !== undefined && known.modifiedAt === modifiedAt) return known;
    const names = (await namesIn(dir)).filter((name) => NAME.test(name)).toSorted();
    const agents = await Promise.all(
      names.map(async (name) => known?.agents.get(name) ?? agentIn({ dir, name })),
    );
    const found = agents.filter((agent) => agent !== null);
    // A file that says nothing yet is looked into again.
    const isSettled = found.length === agents.length && Date.now() - modifiedAt > RACY_MS;
    const folder: Folder = {
      modifiedAt: isSettled ? modifiedAt : Number.NaN,
      agents: new Map(found.map((agent) => [agent.name, agent])),
    };
    this.#folders.set(dir, folder);
    return folder;
  }
}

async function agentIn({ dir, name }: SessionFile): Promise<FlatAgent | null> {
  const [, id] = NAME.exec(name) ?? [];
  if (id === undefined || !isSafeId(id)) return null;
  const { records } = await firstRecords({ dir, name }, (each) => sessionOf(each) !== null);
  const session = sessionOf(records);
  if (session === null) return null;
  const first = readRecord(records[0]);
  const words = first === null ? null : wordsOf(first);
  const label = words?.is === "prompt" ? onOneLine(words.text).trim().slice(0, LABEL_CHARS) : "";
  return { dir, name, id, label, call: null, session };
}

export function isFlatName(name: string): boolean {
  return NAME.test(name);
}

/** The session that a file among the sessions says that it is a subagent of; null: of none. */
export function spawnerOf(records: readonly unknown[], { name }: SessionFile): string | null {
  const session = sessionOf(records);
  return NAME.test(name) && `${session}.jsonl` !== name ? session : null;
}

/** The session whose subagent says this; null: no subagent does. */
function sessionOf(records: readonly unknown[]): string | null {
  const first = readRecord(records[0]);
  const isAgents = first?.isSidechain === true && Boolean(first.agentId);
  return isAgents && first.sessionId && isSafeId(first.sessionId) ? first.sessionId : null;
}

async function changedAt(dir: string): Promise<number> {
  try {
    return (await stat(dir)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Number.NaN;
    throw error;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
