import type { Log } from "../../src/protocol/log.ts";

/** One thing in a conversation. An entry never changes; a streamed one is replaced by a longer one. */
export type Entry = UserEntry | AgentEntry | ThoughtEntry | PlanEntry | ToolEntry | NoticeEntry;

export interface UserEntry {
  readonly kind: "user";
  readonly at: number;
  readonly text: string;
}

export interface AgentEntry {
  readonly kind: "agent";
  readonly at: number;
  readonly text: string;
}

export interface ThoughtEntry {
  readonly kind: "thought";
  readonly at: number;
  /** When its newest part came. */
  readonly until: number;
  readonly text: string;
}

export interface PlanEntry {
  readonly kind: "plan";
  readonly at: number;
  readonly items: readonly PlanItem[];
}

export interface PlanItem {
  readonly content: string;
  readonly status: string;
  readonly priority: string | null;
}

export interface ToolEntry {
  readonly kind: "tool";
  readonly at: number;
  readonly id: string;
  readonly title: string;
  /** What the tool does: read, edit, execute, ... */
  readonly toolKind: string;
  readonly status: string;
  /** Null until it has completed or failed. */
  readonly endedAt: number | null;
  readonly content: readonly ToolContent[];
  readonly rawInput: unknown;
  readonly rawOutput: unknown;
  readonly locations: readonly string[];
}

export type ToolContent =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "diff";
      readonly path: string;
      readonly oldText: string | null;
      readonly newText: string;
    };

export interface NoticeEntry {
  readonly kind: "notice";
  readonly at: number;
  readonly tone: "bad" | "quiet";
  readonly text: string;
}

/** A turn is what follows one prompt. */
export interface Turn {
  readonly at: number;
  /** Its first entry's place. */
  readonly from: number;
}

/** A session's conversation so far. */
export interface Conversation {
  readonly entries: Log<Entry>;
  readonly turns: Log<Turn>;
  /** The places of the tool calls among the entries. */
  readonly tools: Log<number>;
  readonly at: number;
  /** The place of this turn's plan. */
  readonly plan: number | null;
  /** What the agent still has to answer. */
  readonly request: Request;
}

/** While an agent loads a session it may tell its history again, which is known already. */
type Request =
  | { readonly kind: "none" }
  | { readonly kind: "prompt"; readonly id: unknown }
  | { readonly kind: "load"; readonly id: unknown };
