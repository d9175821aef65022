import type { SessionEvent } from "../../protocol/bundle.ts";
import type { FactReader } from "./fact.ts";

/** What tells the formats of coding sessions apart. All the rest is shared: see follow-session.ts. */
export interface CodingFormat {
  /** `sourceType`: "claude-code". */
  readonly type: string;
  /** For a person: "Claude Code". */
  readonly label: string;
  /** Of whose price list its models are: "anthropic", "openai". */
  readonly provider: string;
  /** Folders of sessions, below the one that the producer keeps its files in: see `Source.below`. */
  readonly below: readonly string[];
  /** May a file of this name be a session? */
  isSessionName(name: string): boolean;
  /** Is this one, by its first records? What no record could be read of is none, yet. */
  isSession(records: readonly unknown[]): boolean;
  /** Is it a subagent of a session that is there, by its first records? It is shown there, and is no run of its own. */
  isAgent?(records: readonly unknown[], file: SessionFile): Promise<boolean>;
  /** Does it say that it is one, by its first records, whether or not the session is there? */
  saysAgent?(records: readonly unknown[], file: SessionFile): boolean;
  /** May a file of this name, among the sessions, be a subagent's? Where nobody says, none may. */
  isAgentName?(name: string): boolean;
  facts(file: SessionFile): FactReader;
  /**
   * A record as a line of the session's log: it follows from the record alone. What says nothing to the
   * conversation is carried as {method: "runreel/record", params: {type, record}}.
   */
  eventOf(record: Readonly<Record<string, unknown>>): Omit<SessionEvent, "seq">;
  /** The subagents of a session, in files of their own, as far as they are there by now. */
  agentsOf(file: SessionFile): Promise<readonly AgentFile[]>;
}

export interface SessionFile {
  /** Real path of its folder. */
  readonly dir: string;
  readonly name: string;
}

export interface AgentFile extends SessionFile {
  /** Names the session in the run: safe as a key, never "main". */
  readonly id: string;
  /** What it was asked to do, or what kind it is; "" where nobody says. */
  readonly label: string;
  /** The call that started it, where a file beside it tells. */
  readonly call: string | null;
}
