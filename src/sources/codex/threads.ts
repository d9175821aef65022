import { readdir, stat } from "node:fs/promises";
import { isMissing } from "../file-errors.ts";
import { firstRecord } from "./first-record.ts";
import { codexRecord, fieldsOf, textOf } from "./record.ts";
import { spawnerOf } from "./lineage.ts";

/** What the first line of a file says. */
export interface ThreadFile {
  readonly name: string;
  readonly thread: string;
  /** The thread whose call started it. */
  readonly spawner: string | null;
  /** What kind of agent it is, where that is said. */
  readonly label: string;
}

/** The threads of a folder, by what they are sought by. */
export interface ThreadIndex {
  readonly byName: ReadonlyMap<string, ThreadFile>;
  readonly byThread: ReadonlyMap<string, ThreadFile>;
  readonly bySpawner: ReadonlyMap<string, readonly ThreadFile[]>;
}

const EMPTY: ThreadIndex = { byName: new Map(), byThread: new Map(), bySpawner: new Map() };

function indexOf(threads: readonly ThreadFile[]): ThreadIndex {
  const bySpawner = new Map<string, ThreadFile[]>();
  for (const each of threads) {
    if (each.spawner === null) continue;
    const spawned = bySpawner.get(each.spawner);
    if (spawned === undefined) bySpawner.set(each.spawner, [each]);
    else spawned.push(each);
  }
  return {
    byName: new Map(threads.map((each) => [each.name, each])),
    byThread: new Map(threads.map((each) => [each.thread, each])),
    bySpawner,
  };
}

/** Files looked into at a time. */
const CONCURRENCY = 16;
/** A folder's stamp may be as coarse as this: what came later can have the same. */
const COARSE_MS = 2_000;
/** Folders that are kept in mind: those of the days that were asked for last. */
const MOST_FOLDERS = 512;

/**
 * The threads in a folder. What always holds: the first line of a file is read once, and the folder is
 * only listed again when something came or went.
 */
class ThreadFolder {
  readonly #dir: string;
  /** Null: it is none. */
  readonly #known = new Map<string, ThreadFile | null>();
  /** Without a whole first line when they were looked at. */
  #young = new Set<string>();
  #listedAt = Number.NEGATIVE_INFINITY;
  #index = EMPTY;
  #now: Promise<ThreadIndex> | null = null;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Who asks while it is being looked gets the same answer. */
  async threads(): Promise<ThreadIndex> {
    this.#now ??= this.#look().finally(() => (this.#now = null));
    return this.#now;
  }

  async #look(): Promise<ThreadIndex> {
    let isNew = false;
    try {
      const { mtimeMs } = await stat(this.#dir);
      if (mtimeMs > this.#listedAt - COARSE_MS) isNew = await this.#list();
    } catch (error) {
      if (!isMissing(error)) throw error;
      isNew = this.#known.size > 0;
      this.#known.clear();
      this.#young.clear();
    }
    const before = this.#known.size;
    await this.#lookInto([...this.#young]);
    if (isNew || this.#known.size !== before)
      this.#index = indexOf([...this.#known.values()].filter((each) => each !== null));
    return this.#index;
  }

  /** True: something went. */
  async #list(): Promise<boolean> {
    const listedAt = Date.now();
    const names = new Set((await readdir(this.#dir)).filter((name) => name.endsWith(".jsonl")));
    const gone = [...this.#known.keys()].filter((name) => !names.has(name));
    for (const name of gone) this.#known.delete(name);
    this.#young = new Set([...names].filter((name) => !this.#known.has(name)));
    this.#listedAt = listedAt;
    return gone.length > 0;
  }

  async #lookInto(names: readonly string[]): Promise<void> {
    const left = names.values();
    const take = async () => {
      for (const name of left) {
        const record = await firstRecord({ dir: this.#dir, name });
        if (record === undefined) continue;
        this.#young.delete(name);
        this.#known.set(name, threadIn(name, record));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, take));
  }
}

export function threadIn(name: string, record: unknown): ThreadFile | null {
  const known = codexRecord(record);
  if (known?.kind !== "session_meta" || known.payload.id === null) return null;
  const spawn = fieldsOf(fieldsOf(fieldsOf(known.payload.source)["subagent"])["thread_spawn"]);
  const said = ["agent_nickname", "agent_role"].map((key) => textOf(spawn[key]));
  const label = said.find((text) => text !== null && text !== "") ?? "";
  return { name, thread: known.payload.id, spawner: spawnerOf(known.payload), label };
}

const folders = new Map<string, ThreadFolder>();

export async function threadsIn(dir: string): Promise<ThreadIndex> {
  const folder = folders.get(dir) ?? new ThreadFolder(dir);
  // The one asked for last is the last to be forgotten.
  folders.delete(dir);
  folders.set(dir, folder);
  const [oldest] = folders.keys();
  if (folders.size > MOST_FOLDERS && oldest !== undefined) folders.delete(oldest);
  return folder.threads();
}
