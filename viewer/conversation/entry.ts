import type { Request } from "../playback/request.ts";
import type { Log } from "../../src/protocol/log.ts";

/**
 * One thing in a conversation. An entry never changes; a streamed one is replaced
 * by a longer one. `line` is that of the session's log that it began with, which
 * names it.
 */
export type Entry = UserEntry | AgentEntry | ThoughtEntry | PlanEntry | ToolEntry | NoticeEntry;

export interface UserEntry {
  readonly kind: "user";
  readonly line: number;
  readonly at: number;
  readonly text: string;
  /** It stands for a prompt that may be told itself yet, or never is. */
  readonly isGiven?: true;
}

export interface AgentEntry {
  readonly kind: "agent";
  readonly line: number;
  readonly at: number;
  readonly text: string;
}

export interface ThoughtEntry {
  readonly kind: "thought";
  readonly line: number;
  readonly at: number;
  /** When its newest part came. */
  readonly until: number;
  readonly text: string;
}

export interface PlanEntry {
  readonly kind: "plan";
  readonly line: number;
  /** The line that it was last told at. */
  readonly changed: number;
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
  readonly line: number;
  /** The newest line that told of it. */
  readonly changed: number;
  readonly at: number;
  readonly id: string;
  readonly title: string;
  /** What the tool does: read, edit, execute, ... */
  readonly toolKind: string;
  readonly status: string;
  /** Null until it has completed or failed. */
  readonly endedAt: number | null;
  /** How long it took, ms, where that is told and not only when it was told of. */
  readonly tookMs: number | null;
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
  readonly line: number;
  readonly at: number;
  readonly tone: "bad" | "quiet";
  readonly text: string;
}

/** A turn is what follows one prompt. */
interface Turn {
  /** The prompt's line; see below for what has none. */
  readonly line: number;
  readonly at: number;
  /** Its first entry's place. */
  readonly from: number;
}

/** The turn of what was said before the first prompt. */
export const BEFORE_PROMPTS = -1;
/** A turn of which nobody knows yet which it is. */
export const UNKNOWN_TURN = -2;

/** A session's conversation from some line on. */
export interface Conversation {
  readonly entries: Log<Entry>;
  readonly turns: Log<Turn>;
  /** The places of the tool calls among the entries. */
  readonly tools: Log<number>;
  readonly at: number;
  readonly plan: PlanPlace;
  /** What the agent still has to answer. */
  readonly request: Request;
  readonly head: Head;
  readonly isEarlierCall: IsEarlierCall;
  /** When the session's first line was written. */
  readonly begunAt: number;
}

/**
 * Of a tool call that is not among the entries: had it begun before them? Then
 * news of it changes nothing here. `isNews`: it is told of as one that is known.
 */
export type IsEarlierCall = (call: string, isNews: boolean) => boolean;

/** Where this turn's plan stands, if it has one. */
type PlanPlace =
  | { readonly kind: "none" }
  | { readonly kind: "earlier" }
  | { readonly kind: "here"; readonly index: number };

/**
 * Does the first entry begin here? `unknown`: nothing has been said here yet, and
 * what comes may go on with what was said before. `cut`: the first entry may be
 * the rest of a longer one.
 */
type Head = "whole" | "unknown" | "cut";
