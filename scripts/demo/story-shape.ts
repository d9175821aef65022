import type { PlanEntry, ToolContent } from "./acp-update.ts";

/** What a demo run consists of. A story is data only; demo-run.ts plays it. Times are milliseconds at speed 1. */
export interface Story {
  readonly flowName: string;
  readonly runTitle: string;
  readonly flowPath: string;
  readonly cwd: string;
  readonly agentName: string;
  readonly agentCommand: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** flow.json, whole. */
  readonly flow: object;
  readonly steps: readonly StoryStep[];
  /** How the run stands after its last step; completed if left out. */
  readonly ends?: StoryEnd;
}

export type StoryEnd = "completed" | "failed" | "waiting";
export type StoryStep = ActionStep | AcpStep | ComputeStep | CheckpointStep;

/** Someone is asked for something. */
export interface CheckpointStep {
  readonly kind: "checkpoint";
  readonly nodeId: string;
  readonly summary: string;
}

export interface ActionStep {
  readonly kind: "action";
  readonly nodeId: string;
  readonly statusDetail: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly takes: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: unknown;
}

export interface AcpStep {
  readonly kind: "acp";
  readonly nodeId: string;
  /** "main" is shared by all its steps; an isolated session is the step's own. */
  readonly session: "main" | "isolated";
  readonly prompt: string;
  readonly turn: readonly Beat[];
  readonly usage: Usage;
  /** What the step makes of the reply, or why it could make nothing of it. */
  readonly result: { readonly output: unknown } | { readonly error: string };
}

export interface ComputeStep {
  readonly kind: "compute";
  readonly nodeId: string;
  readonly takes: number;
  readonly output: unknown;
}

/** One thing the agent does. Texts stream a word or two at a time. */
export type Beat =
  | { readonly think: string }
  | { readonly say: string }
  | { readonly plan: readonly PlanEntry[] }
  | { readonly pause: number }
  | { readonly tool: ToolBeat };

export interface ToolBeat {
  readonly title: string;
  readonly kind: "read" | "search" | "execute" | "edit";
  readonly input: Readonly<Record<string, unknown>>;
  readonly locations: readonly { readonly path: string; readonly line?: number }[];
  /** Until it starts, and then until it ends. */
  readonly waits: number;
  readonly takes: number;
  readonly ends: "completed" | "failed";
  readonly content: readonly ToolContent[];
  readonly output: Readonly<Record<string, unknown>>;
}

/** What a turn took; `costUsd` is the turn's own. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}
