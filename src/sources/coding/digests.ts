import type { PlanLimit } from "../../protocol/plan-limit.ts";
import type { Tokens, Usage } from "../../protocol/usage.ts";
import type { Place } from "../source.ts";
import type { Fact } from "./fact.ts";

/**
 * What is known of a session without opening it: its line in the list is made of this alone. It
 * follows from its facts, in order; of a file that has not been read whole yet from its head and end.
 */
export interface Digest {
  readonly sessionId: string | null;
  /** The best there is: its name, a summary, or how its first prompt begins; "" where nothing is known. */
  readonly title: string;
  readonly project: string | null;
  readonly branch: string | null;
  /** Ms since the epoch, by the records' own stamps; null where no record has one. */
  readonly startedAt: number | null;
  readonly newestAt: number | null;
  /** Null until all of it has been read. */
  readonly turns: number | null;
  /** Null until all of it has been read. */
  readonly usage: Usage | null;
  readonly lastLine: string;
  readonly limits: readonly PlanLimit[];
  readonly state: DigestState;
}

/** Where the conversation stands by its last records. */
export type DigestState =
  /** Nothing was asked yet. */
  | { readonly is: "empty" }
  /** The model has the word: `calls` have no result yet, in the order of their start. */
  | {
      readonly is: "working";
      readonly calls: readonly OpenCall[];
      /** It has answered, and nothing has come since. Some versions never write that a turn is over. */
      readonly hasAnswered: boolean;
    }
  /** The turn is over. */
  | { readonly is: "idle"; readonly outcome: "ok" | "cancelled" | "failed" | "interrupted" };

export interface OpenCall {
  readonly id: string;
  readonly tool: string;
  readonly kind: string;
  readonly title: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly asks: boolean;
}

export interface Look {
  readonly digest: Digest;
  /** When any of its files was last written, ms since the epoch. */
  readonly modifiedAt: number;
  /** Changes with every change of its files. */
  readonly stamp: string;
  /** Folders of its files. */
  readonly folders: readonly string[];
}

/** All sessions of all formats, each read once and then on for as long as it is the same file. */
export interface Digests {
  /**
   * As of now: of a file that was read before what is new of it is read; of another its head and its end,
   * and the rest later, by itself. Null: there is no session.
   */
  look(place: Place): Promise<Look | null>;
  /** Is an answer this session's to count, as far as is known by now? See `UsageFact.key`. */
  isOwn(place: Place, key: string): boolean;
  /**
   * What an answer is counted with for this session, where other files tell it too: one of them may tell
   * more of it. Null: nobody else tells it, or it is not this session's.
   */
  sharedUsage(place: Place, key: string): Usage | null;
  /** Another number: what `isOwn` and `sharedUsage` say of some answer may be something else than before. */
  readonly shifts: number;
  /** The price of tokens; null where none is known. */
  priceOf(provider: string, model: string | null, tokens: Tokens, at: number): number | null;
}

/** What was new in a session's files. */
export interface SessionNews {
  readonly place: Place;
  /** `sourceType` of the session's run. */
  readonly source: string;
  readonly digest: Digest;
  /** The session in the run: MAIN_SESSION, or an agent's. */
  readonly session: string;
  /** Of usage facts only those that are this session's own, and each with what it has beyond what was told before. */
  readonly news: readonly ToldFact[];
  /** Was it written while somebody watched, or only found? */
  readonly isLive: boolean;
}

export type ToldFact =
  | Exclude<Fact, { is: "usage" }>
  | {
      readonly is: "usage";
      readonly at: number;
      readonly key: string;
      readonly model: string | null;
      readonly usage: Usage;
    };
