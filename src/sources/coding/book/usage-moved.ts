import type { Usage } from "../../../protocol/usage.ts";

/** A change of what is counted. `usage` is below zero where something is taken back. */
export interface UsageMoved {
  /** `sourceType` of the session's run. */
  readonly source: string;
  readonly project: string | null;
  readonly model: string | null;
  /** When the answer began, ms since the epoch. */
  readonly at: number;
  readonly usage: Usage;
}
