import type { PlanLimit } from "../../protocol/plan-limit.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { Digest, DigestState, OpenCall } from "./digests.ts";
import type { About, CallFact, Fact } from "./fact.ts";
import { oneLine } from "./one-line.ts";

const TITLE_CHARS = 120;
const LINE_CHARS = 200;

/** What of a title counts most, the best last. */
const RANKS = ["prompt", "summary", "generated", "named"] as const;
type Rank = (typeof RANKS)[number];

type Outcome = (DigestState & { readonly is: "idle" })["outcome"];

/**
 * Makes a digest of a session's facts, in their order. What always holds: it takes no more than what is
 * open right now, however long the session is.
 */
export class DigestMaker {
  #sessionId: string | null = null;
  #title: { readonly text: string; readonly rank: Rank } | null = null;
  #project: string | null = null;
  #branch: string | null = null;
  #startedAt: number | null = null;
  #newestAt: number | null = null;
  #turns = 0;
  #lastLine = "";
  readonly #limits = new Map<string, PlanLimit>();
  /** Null: the model has the word. */
  #standing: "empty" | Outcome | null = "empty";
  readonly #calls = new Map<string, OpenCall>();
  #hasAnswered = false;

  take(fact: Fact): void {
    if (fact.is !== "about") this.#stamp(fact.at);
    switch (fact.is) {
      case "about":
        return this.#about(fact.about);
      case "prompt": {
        this.#turns += 1;
        this.#standing = null;
        this.#hasAnswered = false;
        // Whatever had no result by then gets none.
        this.#calls.clear();
        this.#say(fact.text);
        return this.#call(fact.text, "prompt");
      }
      case "turn-over":
        this.#standing = fact.outcome;
        return this.#calls.clear();
      case "call":
        // A turn may go on by itself: a command in the background has ended.
        this.#standing = null;
        this.#hasAnswered = false;
        this.#calls.set(fact.id, openCall(fact));
        return this.#say(callLine(fact));
      case "result":
        this.#hasAnswered = false;
        return void this.#calls.delete(fact.id);
      case "answer":
        // A model that goes on has all results that it will get: some calls never have one.
        this.#calls.clear();
        this.#hasAnswered = true;
        return this.#say(fact.text);
      case "limits":
        for (const limit of fact.limits) this.#limits.set(limit.name, limit);
        return undefined;
      case "usage":
      case "mark":
      case "agent":
        return undefined;
      default:
        return fact satisfies never;
    }
  }

  /** `usage` is null, and `isWhole` false, while not all of it has been read. */
  digest(usage: Usage | null, isWhole: boolean): Digest {
    return {
      sessionId: this.#sessionId,
      title: this.#title?.text ?? "",
      project: this.#project,
      branch: this.#branch,
      startedAt: this.#startedAt,
      newestAt: this.#newestAt,
      turns: isWhole ? this.#turns : null,
      usage,
      lastLine: this.#lastLine,
      limits: [...this.#limits.values()],
      state: this.#state(),
    };
  }

  #state(): DigestState {
    if (this.#standing === null)
      return { is: "working", calls: [...this.#calls.values()], hasAnswered: this.#hasAnswered };
    return this.#standing === "empty" ? { is: "empty" } : { is: "idle", outcome: this.#standing };
  }

  /** A record without a time says nothing of it. */
  #stamp(at: number): void {
    if (!Number.isFinite(at) || at <= 0) return;
    this.#startedAt = Math.min(this.#startedAt ?? at, at);
    this.#newestAt = Math.max(this.#newestAt ?? at, at);
  }

  /** The first id is the file's own: a copied record may tell another. */
  #about({ branch, project, sessionId, title }: About): void {
    this.#sessionId ??= sessionId ?? null;
    this.#project = project ?? this.#project;
    this.#branch = branch ?? this.#branch;
    if (title !== undefined) this.#call(title.text, title.rank);
  }

  /** Of two titles of one rank the later counts; of the prompts the first. */
  #call(text: string, rank: Rank): void {
    const known = this.#title;
    if (known !== null && RANKS.indexOf(known.rank) > RANKS.indexOf(rank)) return;
    if (known?.rank === "prompt" && rank === "prompt") return;
    const line = oneLine(text, TITLE_CHARS);
    if (line !== "") this.#title = { text: line, rank };
  }

  #say(text: string): void {
    const line = oneLine(text, LINE_CHARS);
    if (line !== "") this.#lastLine = line;
  }
}

/** What is being done, in few words: "Bash: npm test". */
export function callLine({ title, tool }: { readonly title: string; readonly tool: string }): string {
  return title === "" || title === tool ? tool : `${tool}: ${title}`;
}

function openCall({ asks, at, id, kind, title, tool }: CallFact): OpenCall {
  return { id, tool: oneLine(tool, LINE_CHARS), kind, title: oneLine(title, LINE_CHARS), at, asks };
}
