import { hasCode, messageOf } from "./file-errors.ts";

/** Reasons are told apart up to this many; they are one sentence each. */
const MOST_REASONS = 3;

/**
 * The folders that the operating system would not watch, and why. What always
 * holds: a folder is in trouble only while somebody wants it watched.
 */
export class WatchTrouble {
  readonly #reasons = new Map<string, string>();
  readonly #changed: (sentences: readonly string[]) => void;
  #told = "";

  constructor(changed: (sentences: readonly string[]) => void) {
    this.#changed = changed;
  }

  has(dir: string): boolean {
    return this.#reasons.has(dir);
  }

  note(dir: string, error: unknown): void {
    this.#reasons.set(dir, reasonOf(error));
    this.#tell();
  }

  clear(dirs: Iterable<string>): void {
    let cleared = false;
    for (const dir of dirs) cleared = this.#reasons.delete(dir) || cleared;
    if (cleared) this.#tell();
  }

  #tell(): void {
    const counts = new Map<string, number>();
    for (const reason of this.#reasons.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const sentences = [...counts].slice(0, MOST_REASONS).map(([reason, count]) => {
      const folders = count === 1 ? "A folder" : `${count} folders`;
      return `${folders} cannot be watched (${reason}); changes are found by looking every few seconds.`;
    });
    const told = sentences.join("\n");
    if (told === this.#told) return;
    this.#told = told;
    this.#changed(sentences);
  }
}

/** Without the folder's name, so that the same reason is the same text. */
function reasonOf(error: unknown): string {
  if (hasCode(error, "ENOSPC")) return "the system's limit of watched folders is reached";
  if (hasCode(error, "EMFILE")) return "the system's limit of watchers or open files is reached";
  return messageOf(error).replace(/, watch '.*'$/s, "");
}
