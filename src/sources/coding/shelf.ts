import { readdir } from "node:fs/promises";
import type { Shelf } from "../source.ts";
import { firstRecords } from "./first-records.ts";
import type { CodingFormat } from "./format.ts";
import { stampOfSession } from "./glance-session.ts";

/** Files looked into at a time. */
const CONCURRENCY = 16;

/** What is known of a file whose name could be a session's. */
type Known =
  | { readonly is: "other" }
  /** `isAlone`: it says that it is a subagent of a session, which was not there. */
  | { readonly is: "session"; readonly isAlone: boolean }
  /** None by what it held when it had this stamp. */
  | { readonly is: "not yet"; readonly stamp: string | null };

/**
 * The sessions in the files of one folder. What always holds: what a file is is read once, however often
 * it is asked for; only one that was too young to tell is read again, when it has been written to, and a
 * subagent's whose session was not there, when another session has come.
 */
export class CodingShelf implements Shelf {
  readonly #dir: string;
  readonly #format: CodingFormat;
  readonly #known = new Map<string, Known>();

  constructor(dir: string, format: CodingFormat) {
    this.#dir = dir;
    this.#format = format;
  }

  async names(changed: ReadonlySet<string> | "all"): Promise<readonly string[]> {
    if (changed === "all") await this.#list();
    else for (const name of changed) this.#meet(name);
    await this.#leaveGone(changed);
    const due = [...this.#known].filter(([name, { is }]) => is === "not yet" && isAmong(changed, name));
    const alone = [...this.#known].filter(([, known]) => known.is === "session" && known.isAlone);
    await this.#lookInto(due.map(([name]) => name));
    // The session of one of them may be among those that came.
    const isMore = due.some(([name]) => this.#known.get(name)?.is === "session");
    if (isMore) await this.#lookInto(alone.map(([name]) => name));
    return [...this.#known].flatMap(([name, { is }]) => (is === "session" ? [name] : []));
  }

  async #list(): Promise<void> {
    const entries = await readdir(this.#dir, { withFileTypes: true });
    const there = new Set(entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])));
    for (const name of this.#known.keys()) if (!there.has(name)) this.#known.delete(name);
    for (const name of there) this.#meet(name);
  }

  /** A name of which something was heard may be one that went. */
  async #leaveGone(changed: ReadonlySet<string> | "all"): Promise<void> {
    if (changed === "all") return;
    for (const name of changed) {
      const known = this.#known.get(name);
      if (known === undefined || known.is === "not yet") continue;
      if ((await stampOfSession({ dir: this.#dir, name })) === null) this.#known.delete(name);
    }
  }

  #meet(name: string): void {
    if (!this.#known.has(name) && this.#format.isSessionName(name))
      this.#known.set(name, { is: "not yet", stamp: null });
  }

  async #lookInto(names: readonly string[]): Promise<void> {
    const left = names.values();
    const take = async () => {
      for (const name of left) await this.#lookAt(name);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, take));
  }

  async #lookAt(name: string): Promise<void> {
    const file = { dir: this.#dir, name };
    const known = this.#known.get(name);
    const stamp = await stampOfSession(file);
    if (stamp === null) return void this.#known.delete(name);
    if (known?.is === "not yet" && known.stamp === stamp) return;
    const { isAll, records } = await firstRecords(file, (each) => this.#format.isSession(each));
    if ((await this.#format.isAgent?.(records, file)) === true) this.#known.set(name, { is: "other" });
    else if (this.#format.isSession(records))
      this.#known.set(name, { is: "session", isAlone: this.#format.saysAgent?.(records, file) === true });
    else this.#known.set(name, isAll ? { is: "other" } : { is: "not yet", stamp });
  }
}

function isAmong(changed: ReadonlySet<string> | "all", name: string): boolean {
  return changed === "all" || changed.has(name);
}
