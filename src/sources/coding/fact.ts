import type { PlanLimit } from "../../protocol/plan-limit.ts";
import type { MarkKind, TurnEnded } from "../../protocol/turn-lines.ts";
import type { Tokens } from "../../protocol/usage.ts";

/**
 * What a record of a coding session comes to. A format's FactReader makes them of the records of one
 * file, in the order of the file; the trace, the list's line and the sums are all made of them. `at`
 * is ms since the epoch, as the record says it.
 */
export type Fact =
  /** A person asked for something: a turn begins. */
  | { readonly is: "prompt"; readonly at: number; readonly text: string }
  | {
      readonly is: "turn-over";
      readonly at: number;
      readonly outcome: TurnEnded["outcome"];
      readonly error: string | null;
    }
  | UsageFact
  | CallFact
  | ResultFact
  | { readonly is: "answer"; readonly at: number; readonly text: string }
  | { readonly is: "mark"; readonly at: number; readonly mark: MarkKind; readonly text: string }
  /** A subagent was started by a call, or has answered. */
  | {
      readonly is: "agent";
      readonly at: number;
      readonly agent: string;
      readonly call: string;
      readonly isOver: boolean;
    }
  | { readonly is: "limits"; readonly at: number; readonly limits: readonly PlanLimit[] }
  /** Something of the session as a whole; what is absent stays as it was. */
  | { readonly is: "about"; readonly about: About };

/**
 * What a model took for one answer, all of it so far: a later fact of the same key takes its place, where it
 * has more output. `key` is the same wherever the answer is told again (in a resumed or forked session's
 * file), and no other answer has it.
 */
export interface UsageFact {
  readonly is: "usage";
  readonly at: number;
  readonly key: string;
  readonly model: string | null;
  readonly tokens: Tokens;
  /** The file itself says that the answer is another session's: it was copied. */
  readonly isCopied: boolean;
}

export interface CallFact {
  readonly is: "call";
  readonly at: number;
  /** Its result carries the same. */
  readonly id: string;
  /** The tool, in the producer's word: "Bash". */
  readonly tool: string;
  /** What it does, in ACP's words: "execute". */
  readonly kind: string;
  /** One line: "npm test". */
  readonly title: string;
  readonly path: string | null;
  /** It asks the person: nothing goes on until they answer. */
  readonly asks: boolean;
}

export interface ResultFact {
  readonly is: "result";
  readonly at: number;
  readonly id: string;
  readonly isError: boolean;
  /** Of what came back. */
  readonly bytes: number;
  /** As the producer measured it, without waits; null where it tells none. */
  readonly durationMs: number | null;
}

export interface About {
  /** The session's own name wins over a summary, that over the first prompt (which the reader of facts need not give). */
  readonly title?: { readonly text: string; readonly rank: "named" | "generated" | "summary" };
  readonly sessionId?: string;
  readonly project?: string;
  readonly branch?: string;
  readonly version?: string;
}

/** Makes facts of the records of one file, one after the other. Throws at nothing. */
export interface FactReader {
  take(record: unknown, line: number): Fact[];
}
