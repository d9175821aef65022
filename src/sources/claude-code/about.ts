import type { About } from "../coding/fact.ts";
import type { ClaudeRecord } from "./records.ts";

type Title = NonNullable<About["title"]>;

/** So many summaries wait for the record they are about. */
const MOST_WAITING = 100;

/** What the records say of the session as a whole: told when it changes. */
export class AboutReader {
  readonly #told = new Map<keyof About, string>();
  readonly #waiting = new Map<string, string>();
  readonly #own: string | null;
  #lastUuid: string | null = null;

  /** `own`: the session that the file is named for. Records that were copied say another's. */
  constructor(own: string | null) {
    this.#own = own;
  }

  /** Empty: nothing new. */
  take(record: ClaudeRecord): About {
    const { cwd, gitBranch, relocatedCwd, version } = record;
    const sessionId = this.#own ?? record.sessionId;
    const title = this.#title(record);
    if (record.uuid) this.#lastUuid = record.uuid;
    // Where it was begun: the agent goes into other folders as it works.
    const project = relocatedCwd ?? (this.#told.has("project") ? null : cwd);
    return {
      ...(title === null || !this.#isNew("title", `${title.rank}:${title.text}`) ? {} : { title }),
      ...(sessionId && this.#isNew("sessionId", sessionId) ? { sessionId } : {}),
      ...(project && this.#isNew("project", project) ? { project } : {}),
      ...(gitBranch && this.#isNew("branch", gitBranch) ? { branch: gitBranch } : {}),
      ...(version && this.#isNew("version", version) ? { version } : {}),
    };
  }

  #isNew(name: keyof About, value: string): boolean {
    if (this.#told.get(name) === value) return false;
    this.#told.set(name, value);
    return true;
  }

  #title({ aiTitle, customTitle, leafUuid, summary, type, uuid }: ClaudeRecord): Title | null {
    if (type === "custom-title" && customTitle) return { text: customTitle, rank: "named" };
    if (type === "ai-title" && aiTitle) return { text: aiTitle, rank: "generated" };
    if (type === "summary" && summary) {
      if (!leafUuid || leafUuid === this.#lastUuid) return { text: summary, rank: "summary" };
      if (this.#waiting.size < MOST_WAITING) this.#waiting.set(leafUuid, summary);
    }
    // At the head of a file stand summaries of other sessions too: only one of a record that is here is its own.
    const text = uuid ? this.#waiting.get(uuid) : undefined;
    return text === undefined ? null : { text, rank: "summary" };
  }
}
